import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import type { ElementOf } from '../model.ts';
import { subProcess } from './sub-process.ts';

/** A sub-process that a cancel end event inside it undoes (see `throw-cancel.ts`); completed or left by an error it is like any other. */
export const transaction: ElementBehavior<ElementOf<'bpmn:Transaction'>> = subProcess as ElementBehavior<ElementOf<'bpmn:Transaction'>>;

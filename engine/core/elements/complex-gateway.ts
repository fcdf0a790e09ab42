import { completeElement } from '../behaviors/complete-element.ts';
import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import type { ComplexGateway } from '../model.ts';

/** Splits like an inclusive gateway, at its start and at its reset (see `complex-join.ts`). */
export const complexGateway: ElementBehavior<ComplexGateway> = {
  execute: (token) => completeElement(token),
};

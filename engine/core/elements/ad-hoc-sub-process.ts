import { adHocChildCompleted, startAdHoc } from '../behaviors/ad-hoc.ts';
import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import type { AdHocSubProcess } from '../model.ts';

/** Its activities begin on request; it has neither start nor end events. */
export const adHocSubProcess: ElementBehavior<AdHocSubProcess> = {
  execute: startAdHoc,
  childCompleted: adHocChildCompleted,
};

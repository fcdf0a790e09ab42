import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import { waitFor } from '../events/catching-events.ts';
import type { EventBasedGateway, SequenceFlow } from '../model.ts';
import { elementAt } from '../run.ts';

/** Waits for all the events behind it; the first one wins (see `catch-event.ts`). */
export const eventBasedGateway: ElementBehavior<EventBasedGateway> = {
  execute(token) {
    for (const flow of token.element.outgoing) {
      const { target } = token.model.flows[flow] as SequenceFlow;
      waitFor({ ...token, element: elementAt(token.model, target) });
    }
  },
};

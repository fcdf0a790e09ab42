import type { ElementBehavior } from '../behaviors/element-behavior.ts';
import { waitFor } from '../events/catching-events.ts';
import type { EventBasedGateway } from '../model.ts';
import { elementAt } from '../run.ts';
import { targets } from '../start-elements.ts';

/** Waits for all the events behind it; the first one wins (see `catch-event.ts`). */
export const eventBasedGateway: ElementBehavior<EventBasedGateway> = {
  execute(token) {
    for (const target of targets(token.model, token.element)) waitFor({ ...token, element: elementAt(token.model, target) });
  },
};

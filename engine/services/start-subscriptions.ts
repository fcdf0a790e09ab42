import { definitionsOf } from '#engine/core/behaviors/event-definitions-of.ts';
import type { Element, EventDefinition, Expression, ProcessModel } from '#engine/core/model.ts';
import { startElements } from '#engine/core/start-elements.ts';
import type { StartSubscriptionRow } from '#engine/store/definition-store.ts';

export type StartSubscription = Pick<StartSubscriptionRow, 'kind' | 'name' | 'element'>;

/** What begins an instance of the process, timers apart; the starts of event sub-processes subscribe when their scope begins. */
export function startSubscriptionsOf(model: ProcessModel): StartSubscription[] {
  const found = startElements(model).flatMap((index) => {
    const element = model.elements[index] as Element;
    const of = (kind: StartSubscription['kind'], name: string) => ({ kind, name, element: element.id });
    const event = eventOf(element);
    return [
      ...definitionsOf(event, 'message').map(({ name }) => of('message', literal(name))),
      ...definitionsOf(event, 'signal').map(({ name }) => of('signal', literal(name))),
      ...definitionsOf(event, 'conditional').map((_, at) => of('conditional', String(at))),
    ];
  });
  // The same message twice in one multiple event is one subscription.
  return [...new Map(found.map((start) => [`${start.kind} ${start.element} ${start.name}`, start])).values()];
}

function eventOf(element: Element): EventDefinition {
  if (element.type === 'bpmn:ReceiveTask') return element.message ? { type: 'message', ...element.message } : { type: 'none' };
  return 'event' in element ? element.event : { type: 'none' };
}

function literal(expression: Expression): string {
  return expression.language === 'literal' ? expression.value : expression.source;
}

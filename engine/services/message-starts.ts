import { definitionsOf } from '#engine/core/behaviors/event-definitions-of.ts';
import type { Element, Expression, MessageDefinition, ProcessModel } from '#engine/core/model.ts';
import { startElements } from '#engine/core/start-elements.ts';

/** The messages that begin an instance of the process; the starts of event sub-processes subscribe when their scope begins. */
export function messageStarts(model: ProcessModel): { element: string; message: string }[] {
  return startElements(model).flatMap((index) => {
    const element = model.elements[index] as Element;
    return messagesOf(element).map(({ name }) => ({ element: element.id, message: literal(name) }));
  });
}

function messagesOf(element: Element): MessageDefinition[] {
  if (element.type === 'bpmn:ReceiveTask') return [element.message];
  return 'event' in element ? definitionsOf(element.event, 'message') : [];
}

function literal(expression: Expression): string {
  return expression.language === 'literal' ? expression.value : expression.source;
}

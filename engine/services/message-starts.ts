import type { Expression, ProcessModel, StartEvent } from '#engine/core/model.ts';

/** Message start events of the process itself; those of event sub-processes subscribe when their scope begins. */
export function messageStarts(model: ProcessModel): { element: string; message: string }[] {
  const [process] = model.elements;
  if (process?.type !== 'bpmn:Process') return [];
  return process.startEvents.flatMap((index) => {
    const { id, event } = model.elements[index] as StartEvent;
    return event.type === 'message' ? [{ element: id, message: literal(event.name) }] : [];
  });
}

function literal(expression: Expression): string {
  return expression.language === 'literal' ? expression.value : expression.source;
}

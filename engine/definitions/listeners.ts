import type { ExecutionListener, Expression, TaskListener, TaskListenerEvent } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import { compileTimer } from './event-definitions.ts';
import { expressionOf, scriptExpression } from './expression-source.ts';
import { extensions, many, one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

const taskEvents: ReadonlySet<string> = new Set<TaskListenerEvent>(['create', 'assignment', 'update', 'complete', 'delete', 'timeout']);

/** `camunda:executionListener` of a process or flow node; absent when there is none, so that the core has nothing to look at. */
export function executionListeners(node: ModdleElement, compilation: Compilation): { listeners?: ExecutionListener[] } {
  const id = node.id as string;
  const listeners = extensions(node, 'camunda:ExecutionListener').flatMap((listener): ExecutionListener[] => {
    const event = text(listener, 'event');
    if (event !== 'start' && event !== 'end') {
      compilation.report(id, 'LISTENER_EVENT', { event: event ?? '', allowed: 'start, end' });
      return [];
    }
    return listenerExpression(listener, id, compilation).map((expression) => ({ event, expression }));
  });
  return listeners.length > 0 ? { listeners } : {};
}

/** Listeners of a sequence flow: `take` is the only event it has. */
export function takeListeners(flow: ModdleElement, compilation: Compilation): { listeners?: Expression[] } {
  const id = flow.id ?? '';
  const listeners = extensions(flow, 'camunda:ExecutionListener').flatMap((listener) => {
    const event = text(listener, 'event') ?? 'take';
    if (event !== 'take') compilation.report(id, 'LISTENER_EVENT', { event, allowed: 'take' });
    return listenerExpression(listener, id, compilation);
  });
  return listeners.length > 0 ? { listeners } : {};
}

/** `camunda:taskListener` of a user task. */
export function taskListeners(node: ModdleElement, compilation: Compilation): { taskListeners?: TaskListener[] } {
  const id = node.id as string;
  const listeners = extensions(node, 'camunda:TaskListener').flatMap((listener): TaskListener[] => {
    const event = text(listener, 'event') ?? '';
    if (!taskEvents.has(event)) {
      compilation.report(id, 'LISTENER_EVENT', { event, allowed: [...taskEvents].join(', ') });
      return [];
    }
    const definition = many(listener, 'eventDefinitions')[0];
    if (event === 'timeout' && !definition) compilation.report(id, 'TIMER_MISSING');
    const timer = event === 'timeout' && definition ? { timer: compileTimer(definition, id, true, compilation) } : {};
    return listenerExpression(listener, id, compilation).map((expression) => ({ event: event as TaskListenerEvent, expression, ...timer }));
  });
  return listeners.length > 0 ? { taskListeners: listeners } : {};
}

/** None (and a problem) for Java code and for a listener that does nothing. */
function listenerExpression(listener: ModdleElement, id: string, compilation: Compilation): Expression[] {
  const java = text(listener, 'class') ?? text(listener, 'delegateExpression');
  if (java !== undefined) {
    compilation.report(id, 'LISTENER_JAVA', { name: java });
    return [];
  }
  const source = text(listener, 'expression');
  if (source !== undefined) return [expressionOf(source)];
  const script = one(listener, 'script');
  const body = script && text(script, 'value');
  if (!script || body === undefined || text(script, 'resource') !== undefined) {
    compilation.report(id, 'SCRIPT_MISSING');
    return [];
  }
  const expression = scriptExpression(text(script, 'scriptFormat'), body, id, compilation);
  return expression ? [expression] : [];
}

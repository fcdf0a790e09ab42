import { mappedVariables } from '../behaviors/call-process.ts';
import { contextOf, evaluateText, requireText } from '../behaviors/evaluation.ts';
import type { SignalDefinition } from '../model.ts';
import { completeLater, elementAt, emit, type Token } from '../run.ts';
import { elementInstance, requireWhole } from '../instance-tree.ts';

/** A throwing signal event: whoever waits for it in this tree has it before the thrower goes on. */
export function throwSignal(token: Token, signal: SignalDefinition): void {
  completeLater(token);
  broadcastSignal(token, signal);
}

/** Who is outside the tree gets the signal from what the caller does with `SignalThrown`. Suspended instances do not, as in Camunda 7. */
export function broadcastSignal(token: Token, signal: SignalDefinition): void {
  const { in: mappings = [], async: isAsync = false } = signal;
  const { run, state, element } = token;
  const context = contextOf(token);
  const name = requireText(run, signal.name, context, `the signal name of ${element.id}`);
  const variables = mappedVariables(token, mappings, context);
  const businessKey = evaluateText(run, signal.businessKey, context);
  emit(run, state, { instance: state.id, type: 'SignalThrown', element: element.index, name, isAsync, businessKey, variables });
  if (isAsync) return;
  const from = run.agenda.length;
  for (const catching of run.root.instances.values()) {
    if (catching.status !== 'active') continue;
    requireWhole(catching);
    const model = run.ports.model(catching.definitionId);
    for (const { id, kind, name: waited, element: index, owner } of catching.subscriptions) {
      if (kind !== 'signal' || waited !== name) continue;
      const instance = elementInstance(catching, owner);
      const catcher = { run, state: catching, model, element: elementAt(model, index), instance };
      run.agenda.push({ kind: 'receive', token: catcher, from: null, received: { subscription: id, variables } });
    }
  }
  // The agenda is a stack: who began to wait first is served first.
  run.agenda.push(...run.agenda.splice(from).toReversed());
}

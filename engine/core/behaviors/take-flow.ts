import { Failure } from '../failure.ts';
import type { SequenceFlow } from '../model.ts';
import { notifyScope, scopeOf, type Token } from '../run.ts';
import { enterElement } from './enter-element.ts';
import { contextAt, isTrue } from './evaluation.ts';

/** After the element instance is gone: its token goes on over the flows that are open, or its scope is told that a path ended. */
export function takeFlows(token: Token): void {
  const flows = selectFlows(token);
  if (flows.length === 0) return notifyScope(token);
  const { run, state, model, instance } = token;
  const firstStep = run.agenda.length;
  for (const flow of flows) enterElement(run, state, model, { element: flow.target, scope: instance.scope, flow: flow.index });
  // The agenda is a stack: the branch that is drawn first runs first.
  if (flows.length > 1) run.agenda.push(...run.agenda.splice(firstStep).toReversed());
}

/**
 * Exclusive gateways take the first open flow; all else takes every open one (several without a condition = a parallel split).
 * @throws Failure `NO_FLOW_TAKEN`
 */
function selectFlows(token: Token): SequenceFlow[] {
  const { run, state, model, element } = token;
  const { outgoing, defaultFlow } = element;
  if (outgoing.length === 0) return [];
  const isExclusive = element.type === 'bpmn:ExclusiveGateway';
  let context;
  const open: SequenceFlow[] = [];
  for (const index of outgoing) {
    if (index === defaultFlow) continue;
    const flow = model.flows[index] as SequenceFlow;
    if (flow.condition && element.type !== 'bpmn:ParallelGateway') {
      // Conditions see the scope, not the local variables of the element that is done.
      context ??= contextAt({ run, state, instance: scopeOf(token) }, element);
      if (!isTrue(run, flow.condition, context)) continue;
    }
    if (isExclusive) return [flow];
    open.push(flow);
  }
  if (open.length > 0) return open;
  if (defaultFlow !== undefined) return [model.flows[defaultFlow] as SequenceFlow];
  throw new Failure(
    'NO_FLOW_TAKEN',
    `Expected a flow with a true condition or a default flow at ${element.id}, but there is none`,
    element.id,
  );
}

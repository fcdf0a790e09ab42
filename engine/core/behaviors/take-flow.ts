import { Failure } from '../failure.ts';
import { linkTarget } from '../join-paths.ts';
import type { SequenceFlow } from '../model.ts';
import { elementAt, notifyScope, scopeOf, type Token } from '../run.ts';
import { enterElement } from './enter-element.ts';
import { contextAt, isTrue } from './evaluation.ts';
import { runTakeListeners } from './listeners.ts';

/** After the element instance is gone: its token goes on over the flows that are open, or its scope is told that a path ended. */
export function takeFlows(token: Token): void {
  const { run, state, model, element, instance } = token;
  const { scope, thrower } = instance;
  const link = linkTarget(element);
  if (link !== undefined) return enterElement(run, state, model, { element: link, scope, flow: null, thrower });
  const flows = selectFlows(token);
  if (flows.length === 0) return notifyScope(token);
  const firstStep = run.agenda.length;
  for (const flow of flows) {
    if (flow.listeners) runTakeListeners({ run, state, instance: scopeOf(token) }, token.element, flow);
    enterElement(run, state, model, { element: flow.target, scope, flow: flow.index, thrower });
  }
  // The agenda is a stack: the branch that is drawn first runs first.
  if (flows.length > 1) run.agenda.push(...run.agenda.splice(firstStep).toReversed());
  // An ad-hoc sub-process asks its completion condition after each activity, before what the flows lead to begins.
  if (elementAt(model, element.parent).type === 'bpmn:AdHocSubProcess') notifyScope(token);
}

/**
 * Exclusive gateways take the first open flow; all else takes every open one (several without a condition = a parallel split).
 * The reset of a complex gateway may take none, and none without a condition: those are for its start (BPMN 2.0.2 clause 13.4.5).
 * @throws Failure `NO_FLOW_TAKEN`
 */
function selectFlows(token: Token): SequenceFlow[] {
  const { run, state, model, element } = token;
  const { outgoing, defaultFlow } = element;
  if (outgoing.length === 0) return [];
  const isExclusive = element.type === 'bpmn:ExclusiveGateway';
  const isReset = element.type === 'bpmn:ComplexGateway' && token.instance.variables?.['waitingForStart']?.value === false;
  let context;
  const open: SequenceFlow[] = [];
  for (const index of outgoing) {
    if (index === defaultFlow) continue;
    const flow = model.flows[index] as SequenceFlow;
    if (isReset && !flow.condition) continue;
    if (flow.condition && element.type !== 'bpmn:ParallelGateway') {
      // Conditions see the scope, not the local variables of the element that is done, but for a complex gateway's attributes.
      context ??= contextAt(element.type === 'bpmn:ComplexGateway' ? token : { run, state, instance: scopeOf(token) }, element);
      if (!isTrue(run, flow.condition, context)) continue;
    }
    if (isExclusive) return [flow];
    open.push(flow);
  }
  if (open.length > 0) return open;
  if (defaultFlow !== undefined) return [model.flows[defaultFlow] as SequenceFlow];
  if (isReset) return [];
  throw new Failure(
    'NO_FLOW_TAKEN',
    `Expected a flow with a true condition or a default flow at ${element.id}, but there is none`,
    element.id,
  );
}

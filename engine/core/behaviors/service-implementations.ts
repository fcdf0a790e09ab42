import { type DecisionResultMapping, PLUGIN_OPTIONS, type ServiceImplementation } from '../model.ts';
import type { DecisionOutcome } from '../ports.ts';
import { emit, type Token } from '../run.ts';
import { typed } from '../values.ts';
import { Failure } from '../failure.ts';
import { completeElement } from './complete-element.ts';
import { contextOf, evaluate, evaluateInteger, requireText, writableContextOf } from './evaluation.ts';
import { mappedValue } from './variable-mapping.ts';
import { setLocalVariable, setVariable } from './variables.ts';

type Implementation<K extends ServiceImplementation['kind']> = Extract<ServiceImplementation, { kind: K }>;
type Implementations = { [K in ServiceImplementation['kind']]: (token: Token, implementation: Implementation<K>) => void };

const implementations: Implementations = {
  external(token, { topic, priority }) {
    const context = contextOf(token);
    const name = requireText(token.run, topic, context, `the topic of ${token.element.id}`);
    createExternalTask(token, name, evaluateInteger(token.run, priority, context, { fallback: 0, what: 'the external task priority' }));
  },
  plugin(token, { plugin, options }) {
    // Always set: a process variable of this name must not become the options.
    setLocalVariable(token, PLUGIN_OPTIONS, options ? mappedValue(token.run, options, contextOf(token)) : typed({}));
    createExternalTask(token, `plugin:${plugin}`, 0);
  },
  expression(token, { expression, resultVariable }) {
    const result = evaluate(token.run, expression, writableContextOf(token));
    if (resultVariable) setVariable(token, resultVariable, typed(result));
    completeElement(token);
  },
  decision(token, { ref, resultVariable, mapResult }) {
    const { run, state, element, instance } = token;
    const outcome = run.ports.decide(ref, contextOf(token));
    emit(run, state, { instance: state.id, type: 'DecisionEvaluated', id: instance.id, element: element.index, decision: outcome.record });
    // Camunda's name for the whole result, for output parameters and end listeners.
    setLocalVariable(token, 'decisionResult', { ...typed(outcome.results), transient: true });
    if (resultVariable) setVariable(token, resultVariable, typed(mapDecisionResult(outcome, mapResult, element.id)));
    completeElement(token);
  },
};

/** Runs what stands behind a service, business rule or send task, or behind a throwing message event. */
export function runImplementation(token: Token, implementation: ServiceImplementation): void {
  (implementations[implementation.kind] as (token: Token, implementation: ServiceImplementation) => void)(token, implementation);
}

function createExternalTask({ run, state, element, instance }: Token, topic: string, priority: number): void {
  emit(run, state, { instance: state.id, type: 'ExternalTaskCreated', id: instance.id, element: element.index, topic, priority });
}

/** Camunda's `mapDecisionResult`. @throws Failure `DECISION_RESULT_AMBIGUOUS` */
function mapDecisionResult({ results }: DecisionOutcome, mapping: DecisionResultMapping, elementId: string): unknown {
  if (mapping === 'resultList') return results;
  if (mapping === 'collectEntries') return results.map((row) => singleValue(row, elementId));
  if (results.length > 1) throw ambiguous(elementId, `${results.length} rules matched`);
  const row = results[0];
  if (!row) return null;
  return mapping === 'singleResult' ? row : singleValue(row, elementId);
}

function singleValue(row: Record<string, unknown>, elementId: string): unknown {
  const values = Object.values(row);
  if (values.length > 1) throw ambiguous(elementId, `a rule has ${values.length} outputs`);
  return values[0] ?? null;
}

const ambiguous = (elementId: string, but: string) =>
  new Failure('DECISION_RESULT_AMBIGUOUS', `Expected one decision result at ${elementId}, but ${but}`, elementId);

import { Failure } from '../failure.ts';
import { processScope } from '../instance-tree.ts';
import type { Binding, CallActivity, CallMapping } from '../model.ts';
import type { DefinitionQuery, EvaluationContext } from '../ports.ts';
import { emit, type Place, type Run, type Token } from '../run.ts';
import type { ElementInstance, InstanceState } from '../state.ts';
import { typed, type Variables } from '../values.ts';
import { contextAt, contextOf, evaluateInteger, evaluateText, requireText } from './evaluation.ts';
import { createInstance } from './create-instance.ts';
import { mappedValue } from './variable-mapping.ts';
import { ownVariable, setLocalVariables, setVariables, visibleVariables } from './variables.ts';

/** Calls within calls; a process that calls itself must not run for ever. */
const MAX_CALL_DEPTH = 50;

/** Starts the called process with what the in-mappings hand over. */
export function callProcess(token: Token<CallActivity>): void {
  const { run, state, element, instance } = token;
  if (callDepth(run, state) >= MAX_CALL_DEPTH) {
    throw new Failure(
      'CALL_DEPTH_EXCEEDED',
      `Expected at most ${MAX_CALL_DEPTH} calls within calls, but ${element.id} is one more`,
      element.id,
    );
  }
  const context = contextOf(token);
  const key = requireText(run, element.calledElement, context, `the called process of ${element.id}`);
  const tenant = evaluateText(run, element.tenantId, context) ?? state.tenant;
  const { id: definitionId } = run.ports.definition({
    key,
    binding: bindingOf(run, element.binding, context),
    tenant,
    callerDefinitionId: state.definitionId,
  });
  const variables = mappedVariables(token, element.in, context);
  const id = run.ports.nextId();
  emit(run, state, { instance: state.id, type: 'InstanceCalled', id: instance.id, element: element.index, called: id });
  createInstance(run, id, {
    definitionId,
    rootId: state.rootId,
    caller: { superId: state.id, superElementInstance: instance.id },
    businessKey: evaluateText(run, element.businessKey, context),
    tenant: state.tenant,
    area: state.area,
    variables,
  });
}

/** The called instance has ended: its results come back through the out-mappings. */
export function takeResults(token: Token<CallActivity>): void {
  const { run, element, instance } = token;
  const called = instance.calledInstance === undefined ? undefined : run.root.instances.get(instance.calledInstance);
  if (!called) return;
  const inside = { run, state: called, instance: processScope(called) };
  for (const mapping of element.out) {
    const results = mappedVariables(inside, [mapping], contextAt(inside, null));
    (mapping.local ? setLocalVariables : setVariables)(token, results);
  }
}

export function mappedVariables(place: Place, mappings: CallMapping[], context: EvaluationContext): Variables {
  const { run, instance } = place;
  const variables: Variables = {};
  for (const mapping of mappings) {
    if (mapping.kind === 'all') Object.assign(variables, mapping.local ? instance.variables : visibleVariables(place));
    else if (mapping.kind === 'expression')
      variables[mapping.target] = mappedValue(
        run,
        { kind: 'expression', expression: mapping.expression },
        mapping.local ? ownContext(instance, context) : context,
      );
    else
      variables[mapping.target] = (mapping.local ? ownVariable(instance, mapping.source) : context.variable(mapping.source)) ?? typed(null);
  }
  return variables;
}

/** With `local` a source expression sees the variables of the call activity only, as in Camunda 7. */
function ownContext(instance: ElementInstance, context: EvaluationContext): EvaluationContext {
  return {
    ...context,
    variable: (name) => ownVariable(instance, name),
    variableNames: () => Object.keys(instance.variables ?? {}),
  };
}

function bindingOf(run: Run, binding: Binding, context: EvaluationContext): DefinitionQuery['binding'] {
  if (binding.kind === 'version')
    return { kind: 'version', version: evaluateInteger(run, binding.version, context, { fallback: 1, what: 'the called version' }) };
  if (binding.kind === 'versionTag')
    return { kind: 'versionTag', versionTag: requireText(run, binding.versionTag, context, 'the version tag') };
  return binding;
}

function callDepth(run: Run, state: InstanceState): number {
  let depth = 0;
  for (let at: InstanceState | undefined = state; at?.superId !== undefined; at = run.root.instances.get(at.superId)) depth++;
  return depth;
}

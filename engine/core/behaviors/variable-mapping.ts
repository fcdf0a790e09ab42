import type { MappingValue } from '../model.ts';
import type { EvaluationContext } from '../ports.ts';
import { type Run, scopeOf, type Token } from '../run.ts';
import { stored, typed, type TypedValue } from '../values.ts';
import { contextOf, evaluate } from './evaluation.ts';
import { setLocalVariable, setVariable } from './variables.ts';

/** Input parameters become local variables of the element instance, each seeing those before it. */
export function mapInputs(token: Token): void {
  const { run, element } = token;
  if (element.inputs.length === 0 || run.skipIoMappings) return;
  const context = contextOf(token);
  for (const { name, value } of element.inputs) setLocalVariable(token, name, mappedValue(run, value, context));
}

/** Output parameters are computed inside the element instance and set from its scope outwards. */
export function mapOutputs(token: Token): void {
  const { run, state, element } = token;
  if (element.outputs.length === 0 || run.skipIoMappings) return;
  const context = contextOf(token);
  const scope = { run, state, instance: scopeOf(token) };
  for (const { name, value } of element.outputs) setVariable(scope, name, mappedValue(run, value, context));
}

const PLAIN_NAME = /^[$#]\{\s*([A-Za-z_$][\w$]*)\s*\}$/;

/** `${name}` hands the variable on with its type (dates and files stay what they are); what is mapped is stored, also when its source is not. */
export function mappedValue(run: Run, value: MappingValue, context: EvaluationContext): TypedValue {
  if (value.kind === 'expression' && value.expression.language === 'juel') {
    const name = PLAIN_NAME.exec(value.expression.source)?.[1];
    const variable = name === undefined ? undefined : context.variable(name);
    if (variable) return variable.transient ? stored(variable) : variable;
  }
  return typed(plainValue(run, value, context));
}

function plainValue(run: Run, value: MappingValue, context: EvaluationContext): unknown {
  if (value.kind === 'expression') return evaluate(run, value.expression, context);
  if (value.kind === 'value') return value.value;
  if (value.kind === 'list') return value.items.map((item) => plainValue(run, item, context));
  return Object.fromEntries(Object.entries(value.entries).map(([name, entry]) => [name, plainValue(run, entry, context)]));
}

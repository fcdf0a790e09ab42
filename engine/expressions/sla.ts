import { Failure } from '#engine/core/failure.ts';
import type { ExpressionScope } from './expression-scope.ts';
import { variableValue } from './plain-value.ts';

/**
 * `sla(step)` takes the class from the variable `slaClass`; `sla(slaClass, step)` names it.
 * @returns an ISO 8601 duration
 * @throws Failure `SLA_NOT_FOUND`
 */
export function slaDuration({ context, environment }: ExpressionScope, args: string[]): string {
  const [slaClass, step] = args.length > 1 ? args : [String(variableValue(context, 'slaClass')), args[0]];
  const duration = environment.sla(context.execution.tenantId, slaClass ?? '', step ?? '');
  if (duration === undefined)
    throw new Failure(
      'SLA_NOT_FOUND',
      `Expected a time limit for step "${step}" of service class "${slaClass}", but the district has none`,
    );
  return duration;
}

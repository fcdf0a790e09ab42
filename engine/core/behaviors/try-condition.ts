import { Failure } from '../failure.ts';
import type { ConditionalDefinition } from '../model.ts';
import type { EvaluationContext } from '../ports.ts';
import { type Evaluating, isTrue } from './evaluation.ts';

/** As Camunda's `tryEvaluate`: a variable that is not there yet, or a script that fails, is false. @throws Failure of any other kind */
export function tryCondition(run: Evaluating, { condition }: ConditionalDefinition, context: EvaluationContext): boolean {
  try {
    return isTrue(run, condition, context);
  } catch (error) {
    if (error instanceof Failure && (error.code === 'UNKNOWN_VARIABLE' || condition.language === 'javascript')) return false;
    throw error;
  }
}

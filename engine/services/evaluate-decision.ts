import { Failure, NotLoaded } from '#engine/core/failure.ts';
import type { DecisionRef } from '#engine/core/model.ts';
import type { DecisionOutcome, EvaluationContext } from '#engine/core/ports.ts';
import type { Variables } from '#engine/core/values.ts';
import { invalidInput, RequestError } from '#engine/errors.ts';
import type { DecisionRow } from '#engine/store/definition-store.ts';
import type { Work } from '#engine/store/unit-of-work.ts';
import type { ServiceContext } from './context.ts';

export interface DecisionService {
  /** Evaluates one version of a decision outside of any process. @throws RequestError 400 with what the decision fails with */
  evaluate(decision: Pick<DecisionRow, 'key' | 'version' | 'tenant'>, variables: Variables, userId: string | null): Promise<DecisionOutcome>;
}

/** Most files one decision can ask for before we call it a loop. */
const MAX_LOADS = 50;

export function createDecisionService(context: ServiceContext): DecisionService {
  function* evaluate(ref: DecisionRef, evaluation: EvaluationContext): Work<DecisionOutcome> {
    const expressions = context.expressionsAt(context.store.clock.now());
    for (let loads = 0; loads < MAX_LOADS; loads++) {
      try {
        return context.decisions.decide(ref, evaluation, expressions);
      } catch (error) {
        if (error instanceof Failure) throw new RequestError(400, error.code, error.message, undefined, { cause: error });
        if (!(error instanceof NotLoaded) || error.what.kind !== 'decision') throw error;
        yield* context.decisions.load(error.what);
      }
    }
    throw invalidInput('TOO_MANY_DEFINITIONS', `Expected a decision to need at most ${MAX_LOADS} files, but it asked for more`);
  }
  return {
    evaluate({ key, version, tenant }, variables, userId) {
      const ref: DecisionRef = {
        key: { language: 'literal', value: key },
        binding: { kind: 'version', version: { language: 'literal', value: String(version) } },
      };
      return context.store.query(evaluate(ref, contextOf(variables, tenant, userId)));
    },
  };
}

function contextOf(variables: Variables, tenantId: string, userId: string | null): EvaluationContext {
  return {
    variable: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
    variableNames: () => Object.keys(variables),
    userId,
    execution: {
      id: '',
      processInstanceId: '',
      processBusinessKey: null,
      processDefinitionId: '',
      processDefinitionKey: '',
      currentActivityId: null,
      currentActivityName: null,
      tenantId,
      areaPath: tenantId,
      startUserId: userId,
    },
  };
}

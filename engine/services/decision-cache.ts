import { Failure, NotLoaded } from '#engine/core/failure.ts';
import type { DecisionRef, Expression } from '#engine/core/model.ts';
import type { DecisionOutcome, EvaluationContext } from '#engine/core/ports.ts';
import { evaluateDecision, identified } from '#engine/decisions/evaluate-decision.ts';
import type { DecisionModel } from '#engine/decisions/model.ts';
import type { Expressions } from '#engine/expressions/create-expressions.ts';
import { compiledModel, decisionsOfDeployment, definitionById, findDecision, type DecisionRow, type VersionQuery } from '#engine/store/definition-store.ts';
import { RunAgain } from '#engine/store/rerun.ts';
import type { Work } from '#engine/store/unit-of-work.ts';

/** Decisions in memory, found as business rule tasks name them. */
export interface DecisionCache {
  /** @throws NotLoaded, Failure `DECISION_NOT_FOUND` or what the decision fails with */
  decide(ref: DecisionRef, context: EvaluationContext, expressions: Expressions): DecisionOutcome;
  load(what: NotLoaded['what']): Work<void>;
  forgetLatest(): void;
}

export interface DecisionCacheOptions {
  freshMs: number;
  compilerVersion: number;
  recompile(row: DecisionRow): Promise<void>;
}

interface CachedDecision {
  model: DecisionModel;
  /** Of the decision and of those that it requires, by key; ids of imported files have their namespace before them. */
  definitions: ReadonlyMap<string, { version: number; definitionId: number }>;
}

/** Of a decision whose file is imported, but was not deployed with the others. */
const UNKNOWN = { version: 0, definitionId: 0 };

/** What identifies a look-up; `deployment` is resolved from the caller when the decision is loaded. */
type Lookup = [key: string, tenant: string, binding: Exclude<VersionQuery, { kind: 'deployment' }> | { kind: 'deployment' }, callerDefinitionId: number];

/** Keys may be expressions: a model that makes up names must not fill the memory. */
const maxAnswers = 1_000;

export function createDecisionCache({ freshMs, compilerVersion, recompile }: DecisionCacheOptions): DecisionCache {
  const answers = new Map<string, { decision: CachedDecision | null; at: number }>();

  function* fetch([key, tenant, binding, callerId]: Lookup): Work<CachedDecision | null> {
    const query: VersionQuery = binding.kind === 'deployment' ? { kind: 'deployment', deploymentId: (yield* definitionById(callerId))?.deploymentId ?? 0 } : binding;
    const row = yield* findDecision(key, tenant, query);
    if (!row) return null;
    const json = yield* compiledModel(row.modelHash, compilerVersion);
    if (json === null) throw new RunAgain(`the compiled decision ${row.key} version ${row.version}`, recompile(row));
    const model = JSON.parse(json) as DecisionModel;
    const deployed = model.parts.length > 1 ? yield* decisionsOfDeployment(row.deploymentId) : [row];
    return { model, definitions: new Map(deployed.map(({ key: each, version, id }) => [each, { version, definitionId: id }])) };
  }

  return {
    decide(ref, context, expressions) {
      const lookup = lookupOf(ref, context, expressions);
      const name = JSON.stringify(lookup);
      const answer = answers.get(name);
      if (!answer || performance.now() - answer.at >= freshMs) throw new NotLoaded({ kind: 'decision', key: name });
      if (!answer.decision) throw new Failure('DECISION_NOT_FOUND', `Expected a decision ${lookup[0]} (${lookup[2].kind}) for tenant ${lookup[1]}, but none is deployed`, context.execution.currentActivityId);
      const { model, definitions } = answer.decision;
      const { record, results } = evaluateDecision(model, context, expressions);
      return { record: identified(record, (each) => definitions.get(each.slice(each.lastIndexOf('#') + 1)) ?? UNKNOWN), results };
    },
    *load(what) {
      if (answers.size >= maxAnswers) answers.clear();
      answers.set(what.key, { decision: yield* fetch(JSON.parse(what.key) as Lookup), at: performance.now() });
    },
    forgetLatest() {
      answers.clear();
    },
  };
}

function lookupOf({ key, binding }: DecisionRef, context: EvaluationContext, { evaluate }: Expressions): Lookup {
  const text = (expression: Expression) => String(evaluate(expression, context));
  const { tenantId, processDefinitionId } = context.execution;
  switch (binding.kind) {
    case 'latest':
    case 'deployment':
      return [text(key), tenantId, binding, binding.kind === 'deployment' ? Number(processDefinitionId) : 0];
    case 'version':
      return [text(key), tenantId, { kind: 'version', version: Number(text(binding.version)) }, 0];
    case 'versionTag':
      return [text(key), tenantId, { kind: 'versionTag', versionTag: text(binding.versionTag) }, 0];
  }
}

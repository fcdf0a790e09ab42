import { Failure } from '#engine/core/failure.ts';
import type { Expression, ProcessModel } from '#engine/core/model.ts';
import type { Actor, DecisionOutcome, EvaluationContext, Ports, RootState } from '#engine/core/ports.ts';
import { evaluateTiny } from './tiny-expressions.ts';

export const NOW = Date.UTC(2026, 10, 22, 8, 0, 0);
export const anActor: Actor = { id: 'wang', kind: 'user' };

export interface TestPorts extends Ports {
  now: number;
}

/** In-memory ports: models get definition ids 1, 2, … in the given order; `functions` answers sources that the tiny interpreter cannot. */
export function corePorts(
  models: ProcessModel[],
  functions: Record<string, (context: EvaluationContext) => unknown> = {},
  decide: (key: string, context: EvaluationContext) => DecisionOutcome = () => {
    throw new Failure('DECISION_NOT_FOUND', 'Expected a decision, but the test has none');
  },
): TestPorts {
  let lastId = 1_000;
  const evaluate = (expression: Expression, context: EvaluationContext): unknown => {
    if (expression.language === 'literal') return expression.value;
    const answer = functions[expression.source];
    if (answer) return answer(context);
    return evaluateTiny(expression.source, (name) => {
      const variable = context.variable(name);
      if (!variable) throw new Failure('UNKNOWN_VARIABLE', `Expected variable ${name}, but there is none`);
      return variable.value;
    });
  };
  return {
    now: NOW,
    nextId: () => ++lastId,
    evaluate,
    timer({ kind, expression }, context, now) {
      const text = String(evaluate(expression, context));
      if (kind === 'date') return { dueAt: Number(text) };
      if (kind === 'duration') return { dueAt: now + durationMs(text) };
      const [repeat = 'R', wait = ''] = text.split('/');
      const times = repeat === 'R' ? -1 : Number(repeat.slice(1)) - 1;
      return { dueAt: now + durationMs(wait), repeat: { left: times, cycle: text } };
    },
    nextCycle: (text, previousDueAt) => previousDueAt + durationMs(text.split('/')[1] ?? ''),
    dueDate(value, now) {
      if (typeof value === 'number') return value;
      if (typeof value !== 'string') return null;
      return value.startsWith('P') ? now + durationMs(value) : Date.parse(value);
    },
    decide: (ref, context) => decide(String(evaluate(ref.key, context)), context),
    model(definitionId) {
      const model = models[definitionId - 1];
      if (!model) throw new Failure('DEFINITION_NOT_FOUND', `Expected definition ${definitionId}, but there is none`);
      return model;
    },
    definition({ key }) {
      const at = models.findLastIndex((model) => model.key === key);
      const model = models[at];
      if (!model) throw new Failure('DEFINITION_NOT_FOUND', `Expected process ${key}, but there is none`);
      return { id: at + 1, model };
    },
  };
}

export const emptyRoot = (): RootState => ({ instances: new Map() });

const UNIT_MS: Record<string, number> = { D: 86_400_000, H: 3_600_000, M: 60_000, S: 1_000 };

/** `PT10M`, `P1DT2H`, `PT30S`; months and years are not needed here. */
function durationMs(text: string): number {
  if (!/^P(\d+D)?(T(\d+[HMS])+)?$/.test(text)) throw new Failure('TIMER_INVALID', `Expected an ISO duration, but it is ${text}`);
  return [...text.matchAll(/(\d+)([DHMS])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * (UNIT_MS[unit ?? ''] ?? 0), 0);
}

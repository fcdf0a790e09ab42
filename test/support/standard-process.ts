import { readFile } from 'node:fs/promises';
import { Failure } from '#engine/core/failure.ts';
import type { Expression, ProcessModel } from '#engine/core/model.ts';
import type { EvaluationContext } from '#engine/core/ports.ts';
import { compileDecisions } from '#engine/decisions/compile-decisions.ts';
import { evaluateDecision, identified } from '#engine/decisions/evaluate-decision.ts';
import { compileProcesses } from '#engine/definitions/compile-process.ts';
import { createExpressions } from '#engine/expressions/create-expressions.ts';
import { slaLookup } from '#engine/registers/sla.ts';
import { standardSla } from '#engine/seed/standard.ts';
import { NOW, type TestPorts } from './core-ports.ts';

const root = new URL('../../processes/', import.meta.url);
const read = (path: string): Promise<string> => readFile(new URL(path, root), 'utf8');

export interface StandardProcesses {
  models: ProcessModel[];
  /** Fresh ports with real expressions, decisions and time limits; `now` may be set. */
  ports(): TestPorts;
}

/** Compiles shipped processes with their decisions; a problem in any of them fails the test. The first is definition 1. */
export async function standardProcesses(...keys: string[]): Promise<StandardProcesses> {
  const models: ProcessModel[] = [];
  const decisions = new Map<string, Awaited<ReturnType<typeof compileDecisions>>['models'][number]>();
  const sla = slaLookup(standardSla());
  const checker = createExpressions({ now: () => NOW, sla });
  for (const key of keys) {
    const processes = await compileProcesses(await read(`${key}/${key}.bpmn`), {
      checkExpression: (expression) => checker.checkExpression(expression),
    });
    const tables = await compileDecisions(await read(`${key}/${key}.dmn`));
    const problems = [...processes.problems, ...tables.problems];
    if (problems.length > 0) throw new Error(`Expected ${key} to compile, but: ${JSON.stringify(problems)}`);
    models.push(...processes.models.map(({ model }) => model));
    for (const model of tables.models) decisions.set(model.key, model);
  }

  function ports(): TestPorts {
    let lastId = 1_000;
    const made: TestPorts = {
      now: NOW,
      nextId: () => ++lastId,
      evaluate: (expression: Expression, context: EvaluationContext) => expressions.evaluate(expression, context),
      timer: (definition, context, now) => expressions.timer(definition, context, now),
      nextCycle: (cycle, previous, now) => expressions.nextCycle(cycle, previous, now),
      dueDate: (value, now) => expressions.dueDate(value, now),
      decide(ref, context) {
        const key = String(expressions.evaluate(ref.key, context));
        const model = decisions.get(key);
        if (!model)
          throw new Failure('DECISION_NOT_FOUND', `Expected decision ${key}, but it is not among ${[...decisions.keys()].join(', ')}`);
        const { record, results } = evaluateDecision(model, context, expressions);
        return { record: identified(record, () => ({ version: 1, definitionId: 1 })), results };
      },
      model(id) {
        const model = models[id - 1];
        if (!model) throw new Failure('DEFINITION_NOT_FOUND', `Expected definition ${id}, but there is none`);
        return model;
      },
      definition({ key }) {
        const at = models.findIndex((model) => model.key === key);
        const model = models[at];
        if (!model) throw new Failure('DEFINITION_NOT_FOUND', `Expected process ${key}, but there is none`);
        return { id: at + 1, model };
      },
    };
    const expressions = createExpressions({ now: () => made.now, sla });
    return made;
  }
  return { models, ports };
}

import { generateInstructions } from '#engine/core/migration/generate-instructions.ts';
import { migrateInstance, type MigrateInstanceInput, MigrationRefused } from '#engine/core/commands/migrate-instance.ts';
import type { MigrationInstruction } from '#engine/core/migration/plan.ts';
import type { ProcessModel } from '#engine/core/model.ts';
import { corePorts } from './core-ports.ts';
import { scenario, type Scenario } from './core-scenario.ts';
import { aProcess, end, type Specs, start, subProcess, userTask } from './process-builder.ts';

/** v1 is definition 1, v2 definition 2, what they call comes after. */
export const between = (v1: ProcessModel, v2: ProcessModel, ...called: ProcessModel[]) => scenario(corePorts([v1, v2, ...called]));
export const process = (children: Specs, flows: string[], fields: Record<string, unknown> = {}) =>
  aProcess('care', { begin: start(), over: end(), ...children }, flows, fields);
export const map = (source: string, target = source, updateEventTrigger = false): MigrationInstruction => ({
  source,
  target,
  updateEventTrigger,
});

export function migrate(s: Scenario, instructions?: MigrationInstruction[], more: Partial<MigrateInstanceInput> = {}) {
  const plan = {
    sourceDefinitionId: 1,
    targetDefinitionId: 2,
    instructions: instructions ?? generateInstructions(s.ports.model(1), s.ports.model(2), false),
  };
  return s.perform(migrateInstance, { instanceId: s.states()[0]?.id ?? 0, plan, ...more });
}
export function refusals(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof MigrationRefused) return error.problems.map(({ code, activity }) => `${code} ${activity}`);
    throw error;
  }
  return [];
}

export const line = process({ a: userTask(), b: userTask() }, ['begin -> a -> b -> over']);
export const nested = process({ sub: subProcess({ s: start(), a: userTask(), e: end() }, ['s -> a -> e']), b: userTask() }, [
  'begin -> sub -> b -> over',
]);

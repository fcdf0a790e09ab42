import assert from 'node:assert/strict';
import { modifyInstance } from '#engine/core/commands/modify-instance.ts';
import type { ProcessModel } from '#engine/core/model.ts';
import type { ModificationInstruction } from '#engine/core/modification/instructions.ts';
import { corePorts } from './core-ports.ts';
import { scenario, type Scenario } from './core-scenario.ts';
import {
  aProcess,
  boundary,
  duration,
  end,
  eventSubProcess,
  expr,
  mapping,
  message,
  parallel,
  start,
  subProcess,
  userTask,
} from './process-builder.ts';

export const scenarioOf = (...models: ProcessModel[]) => scenario(corePorts(models));
export const modify = (s: Scenario, instructions: ModificationInstruction[], options: object = {}) =>
  s.perform(modifyInstance, { instanceId: s.states()[0]?.id ?? 0, instructions, ...options });
export const before = (target: string, more: object = {}): ModificationInstruction => ({ type: 'startBefore', target, ...more });
export const cancelActivity = (activity: string): ModificationInstruction => ({ type: 'cancel', activity });
export const refuses = (work: () => unknown) => assert.throws(work, { code: 'MODIFICATION_INVALID' });

export const line = aProcess('line', { begin: start(), a: userTask(), b: userTask(), over: end() }, ['begin -> a -> b -> over']);
export const nested = aProcess(
  'nested',
  {
    begin: start(),
    first: userTask(),
    outer: subProcess(
      {
        outerStart: start(),
        inner: subProcess({ innerStart: start(), deep: userTask(), innerEnd: end() }, ['innerStart -> deep -> innerEnd'], {
          inputs: [mapping('given', '${x}')],
        }),
        beside: userTask(),
        outerEnd: end(),
        onCall: eventSubProcess({ called: start(message('call')), answer: userTask() }, ['called -> answer']),
      },
      ['outerStart -> inner -> beside -> outerEnd'],
    ),
    late: boundary('outer', duration('PT10M')),
    lateTask: userTask(),
    over: end(),
  },
  ['begin -> first -> outer -> over', 'late -> lateTask'],
);
export const loopOf = (sequential: boolean) =>
  aProcess(
    'loop',
    { begin: start(), other: userTask(), each: userTask({ multiInstance: { sequential, cardinality: expr('3') } }), over: end() },
    ['begin -> other -> each -> over'],
  );
export const joining = aProcess(
  'joining',
  { begin: start(), split: parallel(), a: userTask(), b: userTask(), join: parallel(), c: userTask() },
  ['begin -> split -> a -> join -> c', 'split -> b -> join'],
);

export function scenarioStarted(model: ProcessModel, variables: Record<string, unknown> = {}): Scenario {
  const s = scenarioOf(model);
  s.start(variables);
  return s;
}

/** The nested process with a token at `deep`. */
export function insideNested(): Scenario {
  const s = scenarioStarted(nested, { x: 7 });
  s.complete('first');
  return s;
}

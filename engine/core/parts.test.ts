import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonical } from '#test/support/canonical-state.ts';
import { anActor, corePorts, emptyRoot, type TestPorts } from '#test/support/core-ports.ts';
import { vars } from '#test/support/core-scenario.ts';
import { arbitraryBlock, type Block, processesOf } from '#test/support/random-process.ts';
import { completeExternalTask } from './commands/complete-external-task.ts';
import { completeTask } from './commands/complete-task.ts';
import { correlateMessage } from './commands/correlate-message.ts';
import { executeJob } from './commands/execute-job.ts';
import { startInstance } from './commands/start-instance.ts';
import { throwExternalTaskError } from './commands/throw-external-task-error.ts';
import type { EngineEvent } from './events.ts';
import { NotLoaded } from './failure.ts';
import { addPart, hasParts, partsOf, splitState } from './parts.ts';
import type { RootState } from './ports.ts';
import type { InstanceState } from './state.ts';

type Command = (root: RootState, ports: TestPorts) => { events: EngineEvent[] };
/** What someone could do now, and the element instance that it belongs to. */
interface Action {
  instance: InstanceState;
  owner: number;
  command: Command;
}

function possibleActions(root: RootState, ports: TestPorts): Action[] {
  const actions: Action[] = [];
  for (const instance of root.instances.values()) {
    const add = (owner: number, command: Command) => actions.push({ instance, owner, command });
    const model = ports.model(instance.definitionId);
    for (const { id, element, task, externalTask } of instance.elements) {
      if (task) add(id, (state, its) => completeTask({ taskId: id }, state, its, anActor));
      // Makes conditions true, also those of other items.
      if (task) add(id, (state, its) => completeTask({ taskId: id, variables: vars({ pick: 9 }) }, state, its, anActor));
      if (externalTask) add(id, (state, its) => completeExternalTask({ taskId: id, workerId: 'w' }, state, its, anActor));
      if (externalTask && model.elements[element]?.id.startsWith('failing'))
        add(id, (state, its) => throwExternalTaskError({ taskId: id, workerId: 'w', code: 'E-1', message: null }, state, its, anActor));
    }
    for (const { id, owner } of instance.jobs) add(owner, (state, its) => executeJob({ jobId: id }, state, its, anActor));
    for (const { id, owner } of instance.subscriptions)
      add(owner, (state, its) => correlateMessage({ subscriptionId: id }, state, its, anActor));
  }
  return actions;
}

/**
 * As a store would load it: the instance with the one part that the action belongs to and the way to its root, each with the
 * part of the call; those that it called only with all others of the tree.
 */
function loadedFor({ instances }: RootState, { instance, owner }: Action): RootState {
  const owners = new Map([[instance.id, owner]]);
  for (let at = instance; at.superId !== undefined; at = instances.get(at.superId) as InstanceState)
    owners.set(at.superId, at.superElementInstance ?? 0);
  const callsOthers = instance.elements.some(({ calledInstance }) => calledInstance !== undefined);
  const loaded = emptyRoot();
  for (const whole of instances.values()) {
    if (!callsOthers && !owners.has(whole.id)) continue;
    const copy = structuredClone(whole);
    if (hasParts(copy)) {
      const { rest, parts } = splitState(copy);
      Object.assign(copy, rest, { partial: true });
      const part = parts.get(partsOf(whole).get(owners.get(whole.id) ?? 0) ?? 0);
      if (part) addPart(copy, part);
    }
    loaded.instances.set(copy.id, copy);
  }
  for (const state of loaded.instances.values()) {
    const isMissing = (called: number | undefined) => called !== undefined && !loaded.instances.has(called);
    if (state.elements.some(({ phase, calledInstance }) => phase === 'active' && isMissing(calledInstance))) state.partial = true;
  }
  return loaded;
}

/** What is stored after a command that saw only a part: its own parts as it left them, the others as they were. */
function stored(before: RootState, seen: ReadonlySet<number>, after: InstanceState): InstanceState {
  const { rest, parts } = splitState(after);
  const was = before.instances.get(after.id);
  const result = structuredClone({ ...after, ...rest });
  delete result.partial;
  for (const part of parts.values()) addPart(result, structuredClone(part));
  if (was && after.partial) for (const [id, part] of splitState(was).parts) if (!seen.has(id)) addPart(result, structuredClone(part));
  return result;
}

const partIds = ({ instances }: RootState) => new Set([...instances.values()].flatMap((state) => [...splitState(state).parts.keys()]));

/** Both runs of a command count on from here. */
function countingFrom(ports: TestPorts, first: number): TestPorts {
  let last = first;
  return { ...ports, nextId: () => ++last };
}

describe('a command that sees one part of an instance', () => {
  it('does what it would do on the whole, or asks for the rest', () => {
    let partial = 0;
    let asked = 0;
    const repeated = fc
      .tuple(arbitraryBlock, fc.boolean())
      .map(([block, isCalled]): Block => (isCalled ? { kind: 'call', inside: block, fails: false } : block))
      .map((inside): Block => ({ kind: 'repeat', sequential: false, times: 3, isAsync: false, collects: true, inside }));
    const runs = fc.property(repeated, fc.nat(2), fc.array(fc.nat(1_000), { maxLength: 25 }), (block, pick, choices) => {
      // given
      const ports = { ...corePorts(processesOf(block)), mostTogether: 0 };
      const root = emptyRoot();
      startInstance({ definitionId: 1, tenant: '1', area: '1', variables: vars({ pick }) }, root, ports, anActor);
      for (const [turn, choice] of choices.entries()) {
        const actions = possibleActions(root, ports);
        const action = actions[choice % actions.length];
        if (!action) return;
        const before: RootState = { instances: new Map([...root.instances].map(([id, state]) => [id, structuredClone(state)])) };
        const loaded = loadedFor(root, action);
        const seen = partIds(loaded);
        const first = 100_000 * (turn + 1);

        // when
        let events: EngineEvent[] | null;
        try {
          events = action.command(loaded, countingFrom(ports, first)).events;
        } catch (error) {
          if (!(error instanceof NotLoaded)) throw error;
          events = null;
        }
        const whole = action.command(root, countingFrom(ports, first)).events;

        // then
        if (!events) {
          asked++;
          continue;
        }
        if ([...loaded.instances.values()].some((state) => state.partial)) partial++;
        assert.deepEqual(events, whole);
        for (const state of root.instances.values()) {
          const itself = loaded.instances.get(state.id);
          assert.deepEqual(
            canonical(itself ? stored(before, seen, itself) : (before.instances.get(state.id) as InstanceState)),
            canonical(state),
          );
        }
      }
    });
    fc.assert(runs, { numRuns: 200 });
    assert.ok(partial > 100 && asked > 10, `${partial} commands saw a part, ${asked} asked for the rest`);
  }).timeout(60_000);
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { corePorts } from '#test/support/core-ports.ts';
import { scenario, type Scenario } from '#test/support/core-scenario.ts';
import { aProcess, exclusive, inclusive, parallel, type Specs, start, task, userTask } from '#test/support/process-builder.ts';
import { applyEvent } from '../apply.ts';
import { executeJob } from '../commands/execute-job.ts';
import type { ProcessModel } from '../model.ts';
import type { InstanceState } from '../state.ts';

/** Any graph of tasks and gateways, with loops and dead ends; joins are inclusive, so that none of them may ever be stuck. */
interface Graph {
  nodes: ('user' | 'task' | 'inclusive' | 'exclusive' | 'fork')[];
  /** Per node: where its flows lead, as numbers to be taken modulo the number of nodes. */
  flows: number[][];
}
const arbitraryGraph: fc.Arbitrary<Graph> = fc.integer({ min: 3, max: 9 }).chain((size) =>
  fc.record({
    nodes: fc.array(
      fc.constantFrom('user' as const, 'task' as const, 'inclusive' as const, 'inclusive' as const, 'exclusive' as const, 'fork' as const),
      {
        minLength: size,
        maxLength: size,
      },
    ),
    flows: fc.array(fc.uniqueArray(fc.nat(size - 1), { maxLength: 3 }), { minLength: size, maxLength: size }),
  }),
);

/** Nodes `n0`, `n1`, …; exclusive gateways take the flow that the variable `pick` names, `n1` and so on follow a fork from the start. */
function modelOf({ nodes, flows }: Graph): ProcessModel {
  const specs: Specs = { start: start(), split: task() };
  const lines = ['start -> split', 'split -> n0', 'split -> n1', 'split -> n2'];
  nodes.forEach((kind, at) => {
    const targets = flows[at] ?? [];
    specs[`n${at}`] = specOf(kind, targets.length);
    targets.forEach((target, order) => lines.push(`n${at} -> n${target}${restOf(kind, order)}`));
  });
  return aProcess('p', specs, lines);
}

function specOf(kind: Graph['nodes'][number], ways: number) {
  if (kind === 'inclusive') return inclusive();
  if (kind === 'exclusive') return exclusive();
  // A parallel gateway joins as well and may be stuck by itself: as a fork it is a plain task with several flows.
  return kind === 'user' || ways === 0 ? userTask() : task();
}

function restOf(kind: Graph['nodes'][number], order: number): string {
  if (kind === 'exclusive') return order === 0 ? ' default' : ` if \${pick == ${order}}`;
  return '';
}

/** The rule of BPMN 2.0.2, 13.4.3, read word by word: walks every way from every token, without any of the engine's tables. */
function expectedBy(model: ProcessModel, state: InstanceState, gateway: number): { from: number; isLive: boolean }[] {
  const join = model.elements[gateway];
  const full = new Set(state.arrivals.filter((arrival) => arrival.gateway === gateway).map(({ flow }) => flow));
  const tokens = [
    ...state.elements.slice(1).map(({ element }) => ({ from: element, isLive: true })),
    ...state.arrivals.filter((arrival) => arrival.gateway !== gateway).map((arrival) => ({ from: arrival.gateway, isLive: false })),
  ];
  return tokens.filter(({ from }) => {
    const reached = (join?.incoming ?? []).filter((flow) => isReachable(model, from, flow, gateway));
    return reached.some((flow) => !full.has(flow)) && !reached.some((flow) => full.has(flow));
  });
}

function isReachable(model: ProcessModel, from: number, flow: number, gateway: number): boolean {
  const seen = new Set<number>();
  const walk = (element: number): boolean =>
    (model.elements[element]?.outgoing ?? []).some((way) => {
      if (way === flow) return true;
      const target = model.flows[way]?.target ?? -1;
      if (target === gateway || seen.has(target)) return false;
      seen.add(target);
      return walk(target);
    });
  return walk(from);
}

const isJoin = (model: ProcessModel, index: number) => {
  const element = model.elements[index];
  return element?.type === 'bpmn:InclusiveGateway' && element.incoming.length > 1;
};

/** A join that went on did so by the rule, or in a circle that nothing alive could open. */
function checkFirings(model: ProcessModel, s: Scenario): void {
  let state: InstanceState | undefined;
  for (const event of s.history) {
    if (event.type === 'GatewayJoined' && state) {
      const awaited = expectedBy(model, state, event.gateway);
      const isCircle = !canBeOpened(model, state, event.gateway, new Set());
      assert.ok(awaited.length === 0 || isCircle, `join ${model.elements[event.gateway]?.id} went on too early`);
    }
    state = applyEvent(state, event);
  }
}

/** Something alive is awaited here, or at a join whose tokens are awaited here. */
function canBeOpened(model: ProcessModel, state: InstanceState, gateway: number, seen: Set<number>): boolean {
  if (seen.has(gateway)) return false;
  seen.add(gateway);
  return expectedBy(model, state, gateway).some(({ from, isLive }) => isLive || canBeOpened(model, state, from, seen));
}

function tryAnything(s: Scenario, choice: number): boolean {
  const state = s.states()[0] as InstanceState;
  const tasks = state.elements.filter((instance) => instance.task);
  const actions = [
    ...tasks.map(
      ({ id }) =>
        () =>
          void s.completeById(id, { pick: choice % 3 }),
    ),
    ...state.jobs.map(
      ({ id }) =>
        () =>
          void s.perform(executeJob, { jobId: id }),
    ),
  ];
  actions[choice % actions.length]?.();
  return actions.length > 0;
}

describe('inclusive joins of any graph', () => {
  it('go on as soon as BPMN’s rule allows, never earlier, and are never stuck', () => {
    const property = fc.property(arbitraryGraph, fc.array(fc.nat(1_000), { maxLength: 12 }), (graph, choices) => {
      const model = modelOf(graph);
      const s = scenario(corePorts([model]));
      s.start({ pick: 0 });
      for (const choice of choices) {
        const state = s.states()[0] as InstanceState;
        // Tokens that multiply in a loop are for the step limit.
        if (state.status === 'ended' || s.history.length > 400) break;
        assert.ok(tryAnything(s, choice), `nothing is alive, but tokens wait: ${JSON.stringify(state.arrivals)}`);
        for (const { gateway } of state.arrivals) {
          if (!isJoin(model, gateway)) continue;
          assert.ok(canBeOpened(model, state, gateway, new Set()), `join ${model.elements[gateway]?.id} waits for nothing`);
        }
      }
      if (s.history.length <= 400) checkFirings(model, s);
    });
    fc.assert(property, { numRuns: 300 });
  }).timeout(60_000);
});

describe('joins of a wide process', () => {
  it('look at bits, not at ways: 300 waiting joins are decided in one command', () => {
    const specs: Specs = { start: start(), fork: parallel(), last: userTask() };
    const flows = ['start -> fork', 'fork -> last'];
    for (let at = 0; at < 300; at++) {
      Object.assign(specs, { [`a${at}`]: task(), [`b${at}`]: task(), [`j${at}`]: inclusive(), [`u${at}`]: userTask() });
      flows.push(`fork -> a${at} -> j${at}`, `fork -> b${at} -> j${at}`, `j${at} -> u${at}`, `last -> j${at}`);
    }
    const s = scenario(corePorts([aProcess('p', specs, flows)]));
    s.start();
    assert.equal(s.active().length, 1);
    assert.equal(s.states()[0]?.arrivals.length, 600);
  });
});

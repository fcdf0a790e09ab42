import { add, connect, inner, newId, type Block, type Drawn, type Scope } from '../draft.ts';
import { all, beside, nothing, sequence, step, times, together, visits, type Visits, type Walk } from '../walk.ts';
import { addExternalTask, addUserTask } from './activity.ts';
import {
  CYCLES,
  conditionalTrigger,
  messageTrigger,
  multipleTrigger,
  parallelMultipleTrigger,
  signalTrigger,
  timerTrigger,
  type Trigger,
} from './catch-events.ts';
import { addCalledProcess, addSubProcess, drawAside, drawHost, mergeOf } from './hosts.ts';

const cycleTrigger = (scope: Scope) => timerTrigger(scope, CYCLES);

function addBoundary(
  scope: Scope,
  host: string,
  { inside, attributes = '' }: Pick<Trigger, 'inside' | 'attributes'>,
  interrupting = true,
): string {
  return add(scope, 'boundaryEvent', {
    inside,
    attributes: `attachedToRef="${host}" cancelActivity="${interrupting}" ${attributes}`,
  });
}

/** Most runs let the event happen; in the others the host ends first. */
function interrupting(make: (scope: Scope) => Trigger): (scope: Scope) => Drawn {
  return (scope) => {
    const host = drawHost(scope);
    const trigger = make(scope);
    const boundary = addBoundary(scope, host.id, trigger);
    const after = scope.world.draw(scope);
    connect(scope, boundary, after.entry);
    const exit = mergeOf(scope, host.id, after.exit);
    const happens = scope.world.random.chance(0.85);
    const rest = happens ? sequence(beside([host.hold], trigger.happens(boundary)), after.walk) : host.release;
    const seen = happens ? [host.whenCanceled, visits(boundary), after.visits] : [host.whenCompleted];
    return { entry: host.id, exit, walk: sequence(host.before, rest), visits: all([host.seen, ...seen, visits(exit)]) };
  };
}

/** Paths that end by themselves need a scope that waits for them. */
function enclosed(draw: (scope: Scope) => Drawn): (scope: Scope) => Drawn {
  return (scope) => {
    const within = inner(scope);
    const content = draw(within);
    const { id, start, end } = addSubProcess(scope, within, content);
    return { entry: id, exit: id, walk: content.walk, visits: all([content.visits, visits(start, end, id)]) };
  };
}

/** The event happens beside its host, once or twice; its paths end by themselves. */
function nonInterrupting(make: (scope: Scope) => Trigger, mayRepeat: boolean): (scope: Scope) => Drawn {
  return enclosed((scope) => {
    const host = drawHost(scope);
    const trigger = make(scope);
    const boundary = addBoundary(scope, host.id, trigger, false);
    const aside = drawAside(scope, boundary);
    const count = mayRepeat ? scope.world.random.integer(1, 2) : 1;
    const firing = sequence(beside([host.hold], trigger.happens(boundary)));
    // A second time only when the first is over: the same elements cannot be told apart.
    const earlier = count === 2 ? sequence(firing, beside([host.hold], aside.walk)) : nothing;
    const rest = sequence(earlier, firing, together(aside.walk, host.release));
    const asides = times(count, all([visits(boundary), aside.visits]));
    return { entry: host.id, exit: host.id, walk: sequence(host.before, rest), visits: all([host.seen, host.whenCompleted, asides]) };
  });
}

const TRIGGERS: [name: string, make: (scope: Scope) => Trigger, mayRepeat: boolean][] = [
  ['message', messageTrigger, true],
  ['timer', timerTrigger, false],
  ['signal', signalTrigger, true],
  ['conditional', conditionalTrigger, false],
  ['multiple', multipleTrigger, true],
  ['parallel multiple', parallelMultipleTrigger, false],
];

/** An error or escalation that is thrown inside a host, by an end event, a worker or a called process. */
interface Thrower {
  host: string;
  walk: Walk;
  /** What ends in it when an interrupting event takes it away. */
  seen: Visits;
}

export function defineCode(scope: Scope, tag: 'error' | 'escalation'): { id: string; code: string } {
  const code = newId(scope.world, tag.toUpperCase());
  scope.world.definitions.push(`<bpmn:${tag} id="${code}_def" name="${code}" ${tag}Code="${code}" />`);
  return { id: `${code}_def`, code };
}

/** A scope whose end event throws: the end event and the scope count as either way, Camunda and we differ in how they end. */
function drawThrowingEnd(
  scope: Scope,
  definition: string,
  kind = scope.world.random.pick(['subProcess', 'callActivity'] as const),
): Thrower {
  const within = inner(scope);
  const before = within.world.draw(within);
  const addScope = kind === 'subProcess' ? addSubProcess : addCalledProcess;
  const { id, start, end } = addScope(scope, within, before, { endInside: definition });
  return { host: id, walk: before.walk, seen: all([before.visits, visits(start, `${end}?`, `${id}?`)]) };
}

function drawError(scope: Scope): Drawn {
  const { random } = scope.world;
  const error = defineCode(scope, 'error');
  const thrower = random.chance(0.6) ? drawThrowingEnd(scope, throwOf('error', error)) : throwingWorker(scope, error.code);
  const boundary = addBoundary(scope, thrower.host, { inside: catcherOf(scope, 'error', error) });
  if (random.chance(0.5)) addUnusedCatcher(scope, thrower.host);
  return drawCaught(scope, thrower, boundary);
}

/** The host is left over the boundary event that catches. */
function drawCaught(scope: Scope, thrower: Thrower, boundary: string): Drawn {
  const after = scope.world.draw(scope);
  connect(scope, boundary, after.entry);
  const exit = mergeOf(scope, thrower.host, after.exit);
  return {
    entry: thrower.host,
    exit,
    walk: sequence(thrower.walk, after.walk),
    visits: all([thrower.seen, visits(boundary, exit), after.visits]),
  };
}

/** It waits for another code, and nothing comes out of it. */
function addUnusedCatcher(scope: Scope, host: string): void {
  const boundary = addBoundary(scope, host, { inside: throwOf('error', defineCode(scope, 'error')) });
  connect(scope, boundary, add(scope, 'endEvent'));
}

function throwingWorker(scope: Scope, code: string): Thrower {
  const host = addExternalTask(scope);
  return { host, walk: step({ do: 'throw', at: host, code }), seen: visits(`${host}?`) };
}

/** A catcher of this code or of any; of this one when other codes were thrown since it was defined, which may be meant for nobody. */
export function catcherOf({ world }: Scope, tag: 'error' | 'escalation', { id }: { id: string }): string {
  const latest = world.definitions.findLast((definition) => definition.startsWith(`<bpmn:${tag} `));
  const isAlone = latest?.includes(`"${id}"`) === true;
  return isAlone && world.random.chance(0.25) ? `<bpmn:${tag}EventDefinition />` : `<bpmn:${tag}EventDefinition ${tag}Ref="${id}" />`;
}

export const throwOf = (tag: 'error' | 'escalation', { id }: { id: string }) => `<bpmn:${tag}EventDefinition ${tag}Ref="${id}" />`;

function drawInterruptingEscalation(scope: Scope): Drawn {
  const escalation = defineCode(scope, 'escalation');
  const thrower = drawThrowingEnd(scope, throwOf('escalation', escalation));
  const boundary = addBoundary(scope, thrower.host, { inside: catcherOf(scope, 'escalation', escalation) });
  return drawCaught(scope, thrower, boundary);
}

function drawEscalationBeside(scope: Scope): Drawn {
  const escalation = defineCode(scope, 'escalation');
  const within = inner(scope);
  const thrown = add(within, 'intermediateThrowEvent', { inside: throwOf('escalation', escalation) });
  const hold = addUserTask(within);
  connect(within, thrown, hold);
  const addScope = scope.world.random.chance(0.5) ? addSubProcess : addCalledProcess;
  const { id, start, end } = addScope(scope, within, { entry: thrown, exit: hold });
  const boundary = addBoundary(scope, id, { inside: catcherOf(scope, 'escalation', escalation) }, false);
  const aside = drawAside(scope, boundary);
  const walk = together(step({ do: 'complete', at: hold }), aside.walk);
  return { entry: id, exit: id, walk, visits: all([visits(start, thrown, hold, end, id, boundary), aside.visits]) };
}

/** Blocks that wait for a name or for a condition. */
export function limitsOf(trigger: string): Pick<Block, 'isSingle' | 'isOnce'> {
  if (trigger === 'timer') return {};
  return trigger === 'conditional' ? { isOnce: true } : { isSingle: true };
}

export const boundaryEvents: Block[] = [
  ...TRIGGERS.flatMap(([name, make, mayRepeat]): Block[] => {
    const limits = limitsOf(name);
    return [
      { name: `${name} boundary event`, ...limits, draw: interrupting(make) },
      { name: `non-interrupting ${name} boundary event`, ...limits, draw: nonInterrupting(make, mayRepeat) },
    ];
  }),
  { name: 'cycle timer boundary event', draw: nonInterrupting(cycleTrigger, true) },
  { name: 'error boundary event', draw: drawError },
  { name: 'escalation boundary event', draw: drawInterruptingEscalation },
  { name: 'non-interrupting escalation boundary event', draw: enclosed(drawEscalationBeside) },
];

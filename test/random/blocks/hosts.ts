import { add, connect, inner, newId, type Scope } from '../draft.ts';
import { all, nothing, sequence, step, visits, type Visits, type Walk } from '../walk.ts';
import { addActivity, addUserTask } from './activity.ts';

/** An activity that something can interrupt: work before it, then a user task that holds it open. */
export interface Host {
  id: string;
  /** The user task that holds it open. */
  hold: string;
  /** Up to the user task that holds it open. */
  before: Walk;
  /** The holding task is completed: the host ends by itself. */
  release: Walk;
  /** What has ended before, if it is interrupted or not. */
  seen: Visits;
  whenCompleted: Visits;
  whenCanceled: Visits;
}

/** Draws a sub-process around `content`, which gets its start and end. `tag` is its BPMN element. */
export function addSubProcess(
  scope: Scope,
  within: Scope,
  content: { entry: string; exit: string },
  options: {
    tag?: string;
    attributes?: string;
    extra?: string;
    endInside?: string;
    id?: string;
  } = {},
): { id: string; start: string; end: string } {
  const { tag = 'subProcess', attributes = '', extra = '', endInside = '', id } = options;
  const start = add(within, 'startEvent');
  const end = add(within, 'endEvent', { inside: endInside });
  connect(within, start, content.entry);
  connect(within, content.exit, end);
  const host = addActivity(scope, tag, { attributes, inside: within.xml.join('') + extra, ...(id !== undefined && { id }) });
  return { id: host, start, end };
}

/** A user task, a sub-process or a called process with any block before its holding task. */
export function drawHost(
  scope: Scope,
  allowed: readonly ('userTask' | 'subProcess' | 'callActivity')[] = ['userTask', 'subProcess', 'callActivity'],
): Host {
  const kind = scope.world.random.pick(allowed);
  if (kind === 'userTask') {
    const id = addUserTask(scope);
    return {
      id,
      hold: id,
      before: nothing,
      release: step({ do: 'complete', at: id }),
      seen: visits(),
      whenCompleted: visits(id),
      whenCanceled: visits(`${id}!`),
    };
  }
  const within = inner(scope);
  const before = within.world.draw(within);
  const hold = addUserTask(within);
  connect(within, before.exit, hold);
  const content = { entry: before.entry, exit: hold };
  const { id, start, end } = kind === 'subProcess' ? addSubProcess(scope, within, content) : addCalledProcess(scope, within, content);
  return {
    id,
    hold,
    before: before.walk,
    release: step({ do: 'complete', at: hold }),
    seen: all([before.visits, visits(start)]),
    whenCompleted: visits(hold, end, id),
    whenCanceled: visits(`${hold}!`, `${id}!`),
  };
}

const BINDINGS = [
  '',
  'camunda:calledElementBinding="deployment"',
  'camunda:calledElementBinding="version" camunda:calledElementVersion="1"',
  'camunda:calledElementBinding="versionTag" camunda:calledElementVersionTag="v-1"',
];

/** A process of its own, called with all variables and the business key. */
export function addCalledProcess(
  scope: Scope,
  within: Scope,
  content: { entry: string; exit: string },
  options: { attributes?: string; inside?: string; endInside?: string } = {},
): { id: string; start: string; end: string } {
  const { attributes = '', inside = '', endInside = '' } = options;
  const key = newId(scope.world, 'called');
  const start = add(within, 'startEvent');
  const end = add(within, 'endEvent', { inside: endInside });
  connect(within, start, content.entry);
  connect(within, content.exit, end);
  scope.world.definitions.push(
    `<bpmn:process id="${key}" isExecutable="true" camunda:versionTag="v-1">${within.xml.join('')}</bpmn:process>`,
  );
  const id = addActivity(scope, 'callActivity', {
    attributes: `calledElement="${key}" ${scope.world.random.pick(BINDINGS)} ${attributes}`,
    extensions: '<camunda:in variables="all" /><camunda:in businessKey="${execution.processBusinessKey}" />',
    inside,
  });
  return { id, start, end };
}

/** Two ways out of a piece come together again. */
export function mergeOf(scope: Scope, ...exits: string[]): string {
  const merge = add(scope, 'exclusiveGateway');
  for (const exit of exits) connect(scope, exit, merge);
  return merge;
}

/** A path of its own that ends by itself. */
export function drawAside(scope: Scope, from: string): { walk: Walk; visits: Visits } {
  const handler = scope.world.draw(scope);
  const end = add(scope, 'endEvent');
  connect(scope, from, handler.entry);
  connect(scope, handler.exit, end);
  return { walk: sequence(handler.walk), visits: all([handler.visits, visits(end)]) };
}

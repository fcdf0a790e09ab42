import { add, connect, inner, type Block, type Drawn, type Scope } from '../draft.ts';
import { all, beside, sequence, step, together, visits, type Visits, type Walk } from '../walk.ts';
import { addUserTask } from './activity.ts';
import { catcherOf, defineCode, limitsOf, throwOf } from './boundary-events.ts';
import { conditionalTrigger, messageTrigger, signalTrigger, timerTrigger, type Trigger } from './catch-events.ts';
import { addCalledProcess, addSubProcess } from './hosts.ts';

interface Aside {
  start: string;
  walk: Walk;
  visits: Visits;
}

/** An event sub-process in the scope `within`: its typed start event, any block, an end. */
function addEventSubProcess(within: Scope, definition: Pick<Trigger, 'inside' | 'attributes'>, isInterrupting: boolean): Aside {
  const handler = inner(within);
  const { inside, attributes = '' } = definition;
  const start = add(handler, 'startEvent', { inside, attributes: `isInterrupting="${isInterrupting}" ${attributes}` });
  const block = handler.world.draw(handler);
  const end = add(handler, 'endEvent');
  connect(handler, start, block.entry);
  connect(handler, block.exit, end);
  const id = add(within, 'subProcess', {
    attributes: 'triggeredByEvent="true"',
    inside: handler.xml.join(''),
  });
  return { start, walk: block.walk, visits: all([visits(start, end, id), block.visits]) };
}

/** A scope with a user task that holds it open and an event sub-process that waits beside it. */
function withTrigger(make: (scope: Scope) => Trigger, isInterrupting: boolean): (scope: Scope) => Drawn {
  return (scope) => {
    const within = inner(scope);
    const before = within.world.draw(within);
    const hold = addUserTask(within);
    connect(within, before.exit, hold);
    const trigger = make(scope);
    const aside = addEventSubProcess(within, trigger, isInterrupting);
    const addScope = scope.world.random.chance(0.6) ? addSubProcess : addCalledProcess;
    const { id, start, end } = addScope(scope, within, { entry: before.entry, exit: hold });
    const fires = beside([hold], trigger.happens(aside.start));
    const release = step({ do: 'complete', at: hold });
    const rest = isInterrupting ? aside.walk : together(aside.walk, release);
    const ended = isInterrupting ? visits(`${hold}!`) : visits(hold, end);
    return {
      entry: id,
      exit: id,
      walk: sequence(before.walk, fires, rest),
      visits: all([before.visits, visits(start, id), aside.visits, ended]),
    };
  };
}

function drawThrown(tag: 'error' | 'escalation', isInterrupting: boolean): (scope: Scope) => Drawn {
  return (scope) => {
    const code = defineCode(scope, tag);
    const within = inner(scope);
    const before = within.world.draw(within);
    const aside = addEventSubProcess(within, { inside: catcherOf(scope, tag, code) }, isInterrupting);
    const addScope = scope.world.random.chance(0.6) ? addSubProcess : addCalledProcess;
    const ending = { endInside: throwOf(tag, code) };
    const { id, start, end } = addScope(scope, within, before, ending);
    return {
      entry: id,
      exit: id,
      walk: sequence(before.walk, aside.walk),
      visits: all([before.visits, visits(start, id, `${end}?`), aside.visits]),
    };
  };
}

const TRIGGERS: [name: string, make: (scope: Scope) => Trigger][] = [
  ['message', messageTrigger],
  ['timer', timerTrigger],
  ['signal', signalTrigger],
  ['conditional', conditionalTrigger],
];

export const eventSubProcesses: Block[] = [
  ...TRIGGERS.flatMap(([name, make]): Block[] => {
    const limits = limitsOf(name);
    return [
      { name: `${name} event sub-process`, ...limits, draw: withTrigger(make, true) },
      { name: `non-interrupting ${name} event sub-process`, ...limits, draw: withTrigger(make, false) },
    ];
  }),
  { name: 'error event sub-process', draw: drawThrown('error', true) },
  { name: 'escalation event sub-process', draw: drawThrown('escalation', true) },
  { name: 'non-interrupting escalation event sub-process', draw: drawThrown('escalation', false) },
];

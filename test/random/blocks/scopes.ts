import { add, connect, inner, newId, type Block, type Drawn, type Scope } from '../draft.ts';
import { all, beside, nothing, sequence, step, times, together, visits } from '../walk.ts';
import { addUserTask } from './activity.ts';
import { signalTrigger } from './catch-events.ts';
import { addCalledProcess, addSubProcess, mergeOf } from './hosts.ts';
import { defineCode } from './boundary-events.ts';
import { namedMessage } from './tasks.ts';

/** How the end event of a scope ends it when nobody listens. */
const ENDS: ((scope: Scope) => string)[] = [
  () => '',
  (scope) => signalTrigger(scope).inside,
  () => '<bpmn:terminateEventDefinition />',
  (scope) => `<bpmn:escalationEventDefinition escalationRef="${defineCode(scope, 'escalation').id}" />`,
];

function drawScope(tag: 'subProcess' | 'transaction' | 'callActivity'): (scope: Scope) => Drawn {
  return (scope) => {
    const within = inner(scope);
    const content = within.world.draw(within);
    const definition = scope.world.random.pick(ENDS);
    const ending = { endInside: definition(scope) };
    const { id, start, end } =
      tag === 'callActivity' ? addCalledProcess(scope, within, content, ending) : addSubProcess(scope, within, content, { tag, ...ending });
    return { entry: id, exit: id, walk: content.walk, visits: all([content.visits, visits(id, start, end)]) };
  };
}

export const scopes: Block[] = [
  { name: 'sub-process', draw: drawScope('subProcess') },
  { name: 'transaction', draw: drawScope('transaction') },
  { name: 'call activity', draw: drawScope('callActivity') },
  {
    name: 'message end event',
    draw(scope) {
      const within = inner(scope);
      const content = within.world.draw(within);
      const topic = newId(scope.world, 'topic');
      const { id: message } = namedMessage(scope);
      const endInside = `<bpmn:messageEventDefinition messageRef="${message}" camunda:type="external" camunda:topic="${topic}" />`;
      const { id, start, end } = addSubProcess(scope, within, content, { endInside });
      const walk = sequence(content.walk, step({ do: 'work', at: end, outcome: 'complete' }));
      return { entry: id, exit: id, walk, visits: all([content.visits, visits(id, start, end)]) };
    },
  },
  {
    name: 'terminate end event',
    draw(scope) {
      const within = inner(scope);
      const fork = add(within, 'parallelGateway');
      const [hold, last] = [addUserTask(within), addUserTask(within)];
      const after = add(within, 'endEvent');
      connect(within, fork, hold);
      connect(within, fork, last);
      connect(within, hold, after);
      const { id, start, end } = addSubProcess(
        scope,
        within,
        { entry: fork, exit: last },
        { endInside: '<bpmn:terminateEventDefinition />' },
      );
      // The task that is still open goes with the scope, unless it was faster.
      const isFaster = scope.world.random.chance(0.3);
      const finish = step({ do: 'complete', at: last });
      const walk = isFaster ? sequence(beside([last], step({ do: 'complete', at: hold })), finish) : beside([hold], finish);
      return {
        entry: id,
        exit: id,
        walk,
        visits: all([visits(start, fork, last, end, id), isFaster ? visits(hold, after) : visits(`${hold}!`)]),
      };
    },
  },
  {
    name: 'signal throw event',
    isSingle: true,
    draw(scope) {
      const { inside } = signalTrigger(scope);
      const fork = add(scope, 'parallelGateway');
      const join = add(scope, 'parallelGateway');
      const caught = add(scope, 'intermediateCatchEvent', { inside });
      const ready = addUserTask(scope);
      const thrown = add(scope, 'intermediateThrowEvent', { inside });
      for (const [from, to] of [
        [fork, caught],
        [fork, ready],
        [ready, thrown],
        [caught, join],
        [thrown, join],
      ] as const)
        connect(scope, from, to);
      return { entry: fork, exit: join, walk: step({ do: 'complete', at: ready }), visits: visits(fork, caught, ready, thrown, join) };
    },
  },
  {
    name: 'message from send task to receive task',
    isSingle: true,
    draw(scope) {
      const { id: message } = namedMessage(scope);
      const fork = add(scope, 'parallelGateway');
      const join = add(scope, 'parallelGateway');
      const receive = add(scope, 'receiveTask', { attributes: `messageRef="${message}"` });
      const send = add(scope, 'sendTask', { attributes: `messageRef="${message}"` });
      for (const [from, to] of [
        [fork, receive],
        [fork, send],
        [receive, join],
        [send, join],
      ] as const)
        connect(scope, from, to);
      return { entry: fork, exit: join, walk: nothing, visits: visits(fork, receive, send, join) };
    },
  },
  {
    name: 'escalation that nobody catches',
    draw(scope) {
      const inside = `<bpmn:escalationEventDefinition escalationRef="${defineCode(scope, 'escalation').id}" />`;
      const id = add(scope, 'intermediateThrowEvent', { inside });
      return { entry: id, exit: id, walk: nothing, visits: visits(id) };
    },
  },
  {
    name: 'loop by an exclusive gateway',
    // Copies would share its counter.
    isSingle: true,
    draw(scope) {
      const { world } = scope;
      const count = newId(world, 'count');
      world.variables[count] = 0;
      const rounds = world.random.integer(1, 3);
      const counting = (value: string) =>
        add(scope, 'serviceTask', {
          attributes: `camunda:expression="${value}" camunda:resultVariable="${count}"`,
        });
      const entry = counting('${0}');
      const merge = mergeOf(scope, entry);
      const content = world.draw({ ...scope, isRepeated: true });
      const raise = counting(`\${${count} + 1}`);
      const gateway = newId(world, 'exclusiveGateway');
      const exit = add(scope, 'task');
      connect(scope, merge, content.entry);
      connect(scope, content.exit, raise);
      connect(scope, raise, gateway);
      connect(scope, gateway, merge, `\${${count} &lt; ${rounds}}`);
      add(scope, 'exclusiveGateway', {
        id: gateway,
        attributes: `default="${connect(scope, gateway, exit)}"`,
      });
      const round = all([content.visits, visits(merge, raise, gateway)]);
      return {
        entry,
        exit,
        walk: sequence(...Array.from({ length: rounds }, () => content.walk)),
        visits: all([times(rounds, round), visits(entry, exit)]),
      };
    },
  },
  {
    name: 'ad-hoc sub-process',
    draw(scope) {
      const within = inner(scope);
      const chosen = [addUserTask(within), addUserTask(within)];
      // Nobody asks for it.
      addUserTask(within);
      const id = add(scope, 'adHocSubProcess', { inside: within.xml.join(''), attributes: `songbai:activeElements="${chosen.join(',')}"` });
      const walk = together(...chosen.map((at) => step({ do: 'complete', at })));
      return { entry: id, exit: id, walk, visits: visits(id, ...chosen) };
    },
  },
];

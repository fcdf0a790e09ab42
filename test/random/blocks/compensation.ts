import { add, connect, inner, newId, type Block, type Drawn, type Scope } from '../draft.ts';
import { all, sequence, step, visits } from '../walk.ts';
import { addExternalTask, addUserTask } from './activity.ts';
import { addSubProcess, mergeOf } from './hosts.ts';

/** A user task with a compensation handler that is a user task too. */
function addCompensable(scope: Scope): { id: string; handler: string; boundary: string } {
  const id = addUserTask(scope);
  const handler = add(scope, 'userTask', { attributes: 'isForCompensation="true"' });
  const boundary = add(scope, 'boundaryEvent', {
    attributes: `attachedToRef="${id}"`,
    inside: '<bpmn:compensateEventDefinition />',
  });
  scope.xml.push(
    `<bpmn:association id="${newId(scope.world, 'association')}" associationDirection="One" sourceRef="${boundary}" targetRef="${handler}" />`,
  );
  return { id, handler, boundary };
}

const complete = (at: string) => step({ do: 'complete', at });

/** Two compensable tasks and a throw: handlers run in reverse order, all or only the named one. */
function drawThrow(position: 'throw' | 'end'): (scope: Scope) => Drawn {
  return (scope) => {
    const within = inner(scope);
    const [first, second] = [addCompensable(within), addCompensable(within)];
    const isNamed = scope.world.random.chance(0.3);
    const definition = isNamed ? `<bpmn:compensateEventDefinition activityRef="${first.id}" />` : '<bpmn:compensateEventDefinition />';
    connect(within, first.id, second.id);
    let exit = second.id;
    const seen = [first.id, second.id, first.handler];
    if (position === 'throw') {
      exit = add(within, 'intermediateThrowEvent', { inside: definition });
      connect(within, second.id, exit);
      seen.push(exit);
    }
    const ending = position === 'end' ? { endInside: definition } : {};
    const { id, start, end } = addSubProcess(scope, within, { entry: first.id, exit }, ending);
    const handlers = isNamed ? [first.handler] : [second.handler, first.handler];
    if (!isNamed) seen.push(second.handler);
    const walk = sequence(complete(first.id), complete(second.id), ...handlers.map(complete));
    return { entry: id, exit: id, walk, visits: visits(...seen, start, end, id) };
  };
}

/** A transaction that a cancel end event rolls back: handlers, then the way of the cancel boundary event. */
function drawCancel(scope: Scope): Drawn {
  const within = inner(scope);
  const compensable = addCompensable(within);
  const work = addExternalTask(within);
  connect(within, compensable.id, work);
  const ending = { endInside: '<bpmn:cancelEventDefinition />' };
  const { id, start, end } = addSubProcess(scope, within, { entry: compensable.id, exit: work }, { tag: 'transaction', ...ending });
  const boundary = add(scope, 'boundaryEvent', {
    attributes: `attachedToRef="${id}"`,
    inside: '<bpmn:cancelEventDefinition />',
  });
  const after = scope.world.draw(scope);
  connect(scope, boundary, after.entry);
  const exit = mergeOf(scope, id, after.exit);
  const walk = sequence(
    complete(compensable.id),
    step({ do: 'work', at: work, outcome: 'complete' }),
    complete(compensable.handler),
    after.walk,
  );
  const seen = visits(start, compensable.id, work, compensable.handler, `${end}?`, `${id}?`, boundary, exit);
  return { entry: id, exit, walk, visits: all([seen, after.visits]) };
}

/** What was done in a completed sub-process is compensated from outside. */
function drawNested(scope: Scope): Drawn {
  const within = inner(scope);
  const compensable = addCompensable(within);
  const { id, start, end } = addSubProcess(scope, within, { entry: compensable.id, exit: compensable.id });
  const thrown = add(scope, 'intermediateThrowEvent', {
    inside: `<bpmn:compensateEventDefinition activityRef="${id}" />`,
  });
  connect(scope, id, thrown);
  const walk = sequence(complete(compensable.id), complete(compensable.handler));
  return { entry: id, exit: thrown, walk, visits: visits(start, compensable.id, end, id, thrown, compensable.handler) };
}

export const compensation: Block[] = [
  { name: 'compensation throw event', draw: drawThrow('throw') },
  { name: 'compensation end event', draw: drawThrow('end') },
  { name: 'cancel of a transaction', draw: drawCancel },
  { name: 'compensation of a sub-process', draw: drawNested },
];

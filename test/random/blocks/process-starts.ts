import { add, connect, type Scope } from '../draft.ts';
import { visits, type Visits } from '../walk.ts';
import { conditionalTrigger, messageTrigger, multipleTrigger, signalTrigger } from './catch-events.ts';
import { mergeOf } from './hosts.ts';
import { namedMessage } from './tasks.ts';

/** What makes an instance of the process. */
export type ProcessStart = { by: 'key' } | { by: 'message' | 'signal'; name: string } | { by: 'condition'; name: string } | { by: 'timer' };

export interface DrawnStart {
  /** The last element of the start: what follows is connected to it. */
  exit: string;
  start: ProcessStart;
  visits: Visits;
}

const typed = (scope: Scope, inside: string, start: ProcessStart): DrawnStart => {
  const id = add(scope, 'startEvent', { inside });
  return { exit: id, start, visits: visits(id) };
};

const none = (scope: Scope): DrawnStart => typed(scope, '', { by: 'key' });

const drawStarts: readonly ((scope: Scope) => DrawnStart)[] = [
  (scope) => {
    const { inside, name } = messageTrigger(scope);
    return typed(scope, inside, { by: 'message', name });
  },
  (scope) => {
    const { inside, name } = signalTrigger(scope);
    return typed(scope, inside, { by: 'signal', name });
  },
  (scope) => {
    const { inside, name } = conditionalTrigger(scope);
    return typed(scope, inside, { by: 'condition', name });
  },
  (scope) => {
    const inside =
      '<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT0S</bpmn:timeDuration></bpmn:timerEventDefinition>';
    return typed(scope, inside, { by: 'timer' });
  },
  (scope) => {
    const { inside, name } = multipleTrigger(scope);
    return typed(scope, inside, { by: name.startsWith('signal') ? 'signal' : 'message', name });
  },
  (scope) => {
    const { id: message, name } = namedMessage(scope);
    const id = add(scope, 'receiveTask', {
      attributes: `messageRef="${message}" instantiate="true"`,
    });
    return { exit: id, start: { by: 'message', name }, visits: visits(id) };
  },
  (scope) => {
    const gateway = add(scope, 'eventBasedGateway', { attributes: 'instantiate="true"' });
    const events = [messageTrigger(scope), messageTrigger(scope)].map(({ inside, name }) => {
      const id = add(scope, 'intermediateCatchEvent', { inside });
      connect(scope, gateway, id);
      return { id, name };
    });
    const exit = mergeOf(scope, ...events.map(({ id }) => id));
    const first = scope.world.random.pick(events);
    return { exit, start: { by: 'message', name: first.name }, visits: visits(first.id, exit) };
  },
];

/** Every second run begins by its key, the others by each kind in turn. */
export function drawStart(scope: Scope, run: number): DrawnStart {
  const draw = run % 2 === 0 ? none : (drawStarts[((run - 1) / 2) % drawStarts.length] ?? none);
  return draw(scope);
}

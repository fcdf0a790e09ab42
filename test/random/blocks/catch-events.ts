import { add, connect, newId, single, type Block, type Drawn, type Scope } from '../draft.ts';
import { all, nothing, sequence, shuffled, step, visits, type Stimulus, type Walk } from '../walk.ts';
import { addActivity } from './activity.ts';
import { namedMessage } from './tasks.ts';

/** What a catching event waits for, as XML, and what makes it happen. */
export interface Trigger {
  inside: string;
  attributes?: string;
  /** Of the message or signal that makes it happen, or of the variable that it looks at. */
  name: string;
  happens(at: string): Walk;
}

export function messageTrigger(scope: Scope): Trigger {
  const { id, name } = namedMessage(scope);
  return {
    name,
    inside: `<bpmn:messageEventDefinition messageRef="${id}" />`,
    happens: (at) => step({ do: 'message', at, name }),
  };
}

/** Far away: the driver runs the job itself, so that no timer is due that is not on the path. */
export function timerTrigger(scope: Scope, forms: readonly string[] = TIMERS): Trigger {
  const form = scope.world.random.pick(forms);
  return {
    name: '',
    inside: `<bpmn:timerEventDefinition>${form}</bpmn:timerEventDefinition>`,
    happens: (at) => step({ do: 'timer', at, repeats: forms === CYCLES }),
  };
}
const TIMERS = [
  '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P30D</bpmn:timeDuration>',
  '<bpmn:timeDate xsi:type="bpmn:tFormalExpression">2099-01-01T00:00:00Z</bpmn:timeDate>',
  '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">${"P20D"}</bpmn:timeDuration>',
];
export const CYCLES = [
  '<bpmn:timeCycle xsi:type="bpmn:tFormalExpression">R3/P30D</bpmn:timeCycle>',
  '<bpmn:timeCycle xsi:type="bpmn:tFormalExpression">0 0 0 1 1 ?</bpmn:timeCycle>',
];

export function signalTrigger(scope: Scope): Trigger {
  const name = newId(scope.world, 'signal');
  scope.world.definitions.push(`<bpmn:signal id="${name}_def" name="${name}" />`);
  return {
    name,
    inside: `<bpmn:signalEventDefinition signalRef="${name}_def" />`,
    happens: (at) => step({ do: 'signal', at, name }),
  };
}

export function conditionalTrigger(scope: Scope): Trigger {
  const name = newId(scope.world, 'level');
  scope.world.variables[name] = 0;
  const inside = `<bpmn:conditionalEventDefinition camunda:variableName="${name}"><bpmn:condition xsi:type="bpmn:tFormalExpression">\${${name} > 5}</bpmn:condition></bpmn:conditionalEventDefinition>`;
  return { name, inside, happens: (at) => step({ do: 'variable', at, name, value: 6 }) };
}

const simpleTriggers = [messageTrigger, timerTrigger, signalTrigger, conditionalTrigger] as const;

/** One of several events is enough. */
export function multipleTrigger(scope: Scope): Trigger {
  const parts = [messageTrigger(scope), signalTrigger(scope)];
  const chosen = scope.world.random.pick(parts);
  return { ...chosen, inside: parts.map(({ inside }) => inside).join('') };
}

/** All of several events have to come, in any order. */
export function parallelMultipleTrigger(scope: Scope): Trigger {
  const parts = [messageTrigger(scope), signalTrigger(scope)];
  return {
    name: '',
    inside: parts.map(({ inside }) => inside).join(''),
    attributes: 'parallelMultiple="true"',
    happens: (at) => sequence(...shuffled(scope.world.random, parts).map(({ happens }) => happens(at))),
  };
}

export const triggers = [...simpleTriggers, multipleTrigger, parallelMultipleTrigger];

const catching = (name: string, make: (scope: Scope) => Trigger, limits: Pick<Block, 'isSingle' | 'isOnce'>): Block => ({
  name: `${name} catch event`,
  ...limits,
  draw(scope) {
    const { inside, attributes = '', happens } = make(scope);
    const id = add(scope, 'intermediateCatchEvent', { inside, attributes });
    return single(id, happens(id), visits(id));
  },
});

export const catchEvents: Block[] = [
  catching('message', messageTrigger, { isSingle: true }),
  catching('timer', timerTrigger, {}),
  catching('signal', signalTrigger, { isSingle: true }),
  catching('conditional', conditionalTrigger, { isOnce: true }),
  catching('multiple', multipleTrigger, { isSingle: true }),
  catching('parallel multiple', parallelMultipleTrigger, { isSingle: true }),
  {
    name: 'link events',
    draw(scope) {
      const name = newId(scope.world, 'link');
      const inside = `<bpmn:linkEventDefinition name="${name}" />`;
      const entry = add(scope, 'intermediateThrowEvent', { inside });
      const exit = add(scope, 'intermediateCatchEvent', { inside });
      return { entry, exit, walk: nothing, visits: visits(entry, exit) };
    },
  },
];

type MakeTrigger = ((scope: Scope) => Trigger) | null;

/** The first event wins; the others stop waiting. null = a receive task. */
const drawRace =
  (winner: MakeTrigger) =>
  (scope: Scope): Drawn => {
    const { random } = scope.world;
    const entry = add(scope, 'eventBasedGateway');
    const exit = add(scope, 'exclusiveGateway');
    // A condition that is true already would win a second race at once.
    const others = [...simpleTriggers, null].filter((make) => make !== winner && (make !== conditionalTrigger || !scope.isRepeated));
    const racers = [winner, ...shuffled(random, others).slice(0, random.integer(1, 2))].map((make) => {
      const event = make ? drawEvent(scope, make(scope)) : drawReceiver(scope);
      const after = scope.world.draw(scope);
      connect(scope, entry, event.id);
      connect(scope, event.id, after.entry);
      connect(scope, after.exit, exit);
      return { event, after };
    });
    const { event, after } = racers[0] as (typeof racers)[number];
    return { entry, exit, walk: sequence(event.happens, after.walk), visits: all([visits(entry, exit, event.id), after.visits]) };
  };

const race = (name: string, winner: MakeTrigger, limits: Pick<Block, 'isSingle' | 'isOnce'> = { isSingle: true }): Block => ({
  name: `event-based gateway, ${name} first`,
  ...limits,
  draw: drawRace(winner),
});

export const races: Block[] = [
  race('message', messageTrigger),
  race('timer', timerTrigger),
  race('signal', signalTrigger),
  race('conditional', conditionalTrigger, { isOnce: true }),
  race('receive task', null),
];

function drawEvent(scope: Scope, { inside, happens }: Trigger): { id: string; happens: Walk } {
  const id = add(scope, 'intermediateCatchEvent', { inside });
  return { id, happens: happens(id) };
}

function drawReceiver(scope: Scope): { id: string; happens: Walk } {
  const { id: message, name } = namedMessage(scope);
  const id = addActivity(scope, 'receiveTask', { attributes: `messageRef="${message}"` });
  const stimulus: Stimulus = { do: 'message', at: id, name };
  return { id, happens: step(stimulus) };
}

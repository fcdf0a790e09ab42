import { elementInstance, isMultiInstanceItem } from '../instance-tree.ts';
import type { BoundaryEvent, CallActivity, ErrorDefinition, EscalationDefinition, StartEvent } from '../model.ts';
import { elementAt, scopeOf, type Token, tokenOf } from '../run.ts';
import { triggerBoundaryEvent } from './boundary-events.ts';
import { takeResults } from './call-process.ts';
import type { Payload } from './element-behavior.ts';
import { contextAt, evaluateText } from './evaluation.ts';
import { definitionsOf } from './event-definitions-of.ts';
import { isScope, startEventOf, triggerEventSubProcess } from './event-sub-processes.ts';

type ScopeCatcher = BoundaryEvent | StartEvent;

/** What is caught by its code. */
interface Thrown {
  error: ErrorDefinition;
  escalation: EscalationDefinition;
}

export interface Caught<D> {
  /** The host of the boundary event, or the scope of the event sub-process. */
  at: Token;
  catcher: ScopeCatcher;
  /** The definition by which it catches. */
  definition: D;
}

/**
 * Looks for who catches an error or escalation, from its source outwards and on into the calling process, which gets the
 * results of the called one as it passes (Camunda 7). At each level a catcher of this very code goes before one of every code.
 */
export function findCatcher<T extends keyof Thrown>(source: Token, type: T, code: string): Caught<Thrown[T]> | undefined {
  for (let at = source; ;) {
    const onHost = pick(boundaryEventsOn(at), at, type, code);
    if (onHost) return onHost;
    const around = at.instance.scope === 0 ? callerOf(at) : tokenOf(at.run, at.state, scopeOf(at));
    if (!around) return undefined;
    const inScope = pick(eventSubProcessStarts(at, around), around, type, code);
    if (inScope) return inScope;
    at = around;
  }
}

export function triggerCaught({ at, catcher }: Caught<unknown>, payload: Payload): void {
  if (catcher.type === 'bpmn:BoundaryEvent') triggerBoundaryEvent({ ...at, element: catcher }, payload);
  else triggerEventSubProcess({ ...at, element: catcher }, payload);
}

/** For the event that records who caught it: nobody, somebody of the same instance, or of a calling one. */
export function caughtBy(source: Token, caught: Caught<unknown> | undefined): { caughtBy: number | null; caughtIn?: number } {
  if (!caught) return { caughtBy: null };
  const { at, catcher } = caught;
  return { caughtBy: catcher.index, ...(at.state !== source.state && { caughtIn: at.state.id }) };
}

/** What is there again only to be compensated catches nothing any more; the boundary events of an item are its body's. */
function boundaryEventsOn({ state, model, element, instance }: Token): BoundaryEvent[] {
  if (instance.phase === 'compensating' || isMultiInstanceItem(state, instance)) return [];
  return element.boundaryEvents.map((index) => elementAt(model, index) as BoundaryEvent);
}

/** What an event sub-process throws, it does not catch itself. */
function eventSubProcessStarts(at: Token, { model, element, instance }: Token): StartEvent[] {
  if (instance.phase === 'compensating' || !isScope(element) || isMultiInstanceItem(at.state, at.instance)) return [];
  return element.eventSubProcesses.filter((index) => index !== at.element.index).map((index) => startEventOf(model, index));
}

function callerOf({ run, state }: Token): Token | undefined {
  const { superId, superElementInstance } = state;
  const calling = superId === undefined ? undefined : run.root.instances.get(superId);
  if (!calling || superElementInstance === undefined) return undefined;
  const caller = tokenOf(run, calling, elementInstance(calling, superElementInstance));
  if (caller.element.type === 'bpmn:CallActivity') takeResults(caller as Token<CallActivity>);
  return caller;
}

function pick<T extends keyof Thrown>(candidates: ScopeCatcher[], at: Token, type: T, code: string): Caught<Thrown[T]> | undefined {
  let general: Caught<Thrown[T]> | undefined;
  for (const catcher of candidates) {
    const definitions: Thrown[T][] = definitionsOf(catcher.event, type);
    const definition = definitions.find((each) => !each.code || evaluateText(at.run, each.code, contextAt(at, catcher)) === code);
    if (definition?.code) return { at, catcher, definition };
    if (definition) general ??= { at, catcher, definition };
  }
  return general;
}

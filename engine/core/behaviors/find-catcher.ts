import { elementInstance, isMultiInstanceItem } from '../instance-tree.ts';
import type { BoundaryEvent, CallActivity, StartEvent } from '../model.ts';
import { elementAt, scopeOf, type Token, tokenOf } from '../run.ts';
import { triggerBoundaryEvent } from './boundary-events.ts';
import { takeResults } from './call-process.ts';
import type { Payload } from './element-behavior.ts';
import { isScope, startEventOf, triggerEventSubProcess } from './event-sub-processes.ts';

export type ScopeCatcher = BoundaryEvent | StartEvent;
export interface Caught<D> {
  /** The host of the boundary event, or the scope of the event sub-process. */
  at: Token;
  catcher: ScopeCatcher;
  definition: D;
}

/**
 * Looks for who catches an error or escalation, from its source outwards and on into the calling process, which gets the
 * results of the called one as it passes (Camunda 7). What is there again only to be compensated catches nothing any more. `definitionOf` tells the definition by which a candidate catches,
 * `isGeneral` one that catches every code: a catcher of this very code goes before it.
 */
export function findCatcher<D>(
  source: Token,
  definitionOf: (candidate: ScopeCatcher, at: Token) => D | undefined,
  isGeneral: (definition: D) => boolean,
): Caught<D> | undefined {
  const { run } = source;
  let at = source;
  for (;;) {
    const isItem = isMultiInstanceItem(at.state, at.instance);
    const onHost =
      isItem || at.instance.phase === 'compensating'
        ? []
        : at.element.boundaryEvents.map((index) => elementAt(at.model, index) as BoundaryEvent);
    const boundary = pick(onHost, at, definitionOf, isGeneral);
    if (boundary) return boundary;
    if (at.instance.scope === 0) {
      const { superId, superElementInstance } = at.state;
      const caller = superId === undefined ? undefined : run.root.instances.get(superId);
      if (!caller || superElementInstance === undefined) return undefined;
      at = tokenOf(run, caller, elementInstance(caller, superElementInstance));
      if (at.element.type === 'bpmn:CallActivity') takeResults(at as Token<CallActivity>);
      continue;
    }
    const scope = tokenOf(run, at.state, scopeOf(at));
    if (!isItem && scope.instance.phase !== 'compensating' && isScope(scope.element)) {
      // What an event sub-process throws, it does not catch itself.
      const others = scope.element.eventSubProcesses.filter((index) => index !== at.element.index);
      const starts = others.map((index) => startEventOf(scope.model, index));
      const start = pick(starts, scope, definitionOf, isGeneral);
      if (start) return start;
    }
    at = scope;
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

function pick<D>(
  candidates: ScopeCatcher[],
  at: Token,
  definitionOf: (candidate: ScopeCatcher, at: Token) => D | undefined,
  isGeneral: (definition: D) => boolean,
): Caught<D> | undefined {
  let general: Caught<D> | undefined;
  for (const catcher of candidates) {
    const definition = definitionOf(catcher, at);
    if (definition === undefined) continue;
    if (!isGeneral(definition)) return { at, catcher, definition };
    general ??= { at, catcher, definition };
  }
  return general;
}

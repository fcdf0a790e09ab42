import type { EndState } from '../events.ts';
import { Failure } from '../failure.ts';
import { elementInstance, isScopeEmpty, processScope } from '../instance-tree.ts';
import { elementAt, emit, type Run, type Token, tokenOf } from '../run.ts';
import type { InstanceState } from '../state.ts';
import { beginAtMessage } from './begin-at-message.ts';
import { enterElement } from './enter-element.ts';
import { openEventSubProcesses, type ScopeElement } from './event-sub-processes.ts';
import { closeOwned } from './jobs.ts';
import { runListeners } from './listeners.ts';

/** A process or sub-process begins: its event sub-processes wait, then a token comes to its start event. */
export function startScope(token: Token<ScopeElement>, startElement?: number): void {
  const { run, state, model, element, instance } = token;
  openEventSubProcesses(token);
  const start = startElement ?? element.initial ?? element.startEvents[0];
  if (start === undefined)
    throw new Failure('START_EVENT_MISSING', `Expected ${element.id} to have a start event, but it has none`, element.id);
  const first = elementAt(model, start);
  if (first.type !== 'bpmn:StartEvent') return beginAtMessage(token, first);
  enterElement(run, state, model, { element: start, scope: instance.id, flow: null });
}

export function isScopeDone(token: Token): boolean {
  return isScopeEmpty(token.state, token.instance.id);
}

/** No token is left: the instance is over, and the call activity that waits for it goes on. */
export function endInstance(run: Run, state: InstanceState, outcome: EndState, element: number | null): void {
  const process = tokenOf(run, state, processScope(state));
  closeOwned(process);
  runListeners(process, 'end');
  emit(run, state, { instance: state.id, type: 'InstanceEnded', outcome, element, reason: null });
  const caller = state.superId === undefined ? undefined : run.root.instances.get(state.superId);
  if (!caller || state.superElementInstance === undefined) return;
  run.agenda.push({ kind: 'childCompleted', token: tokenOf(run, caller, elementInstance(caller, state.superElementInstance)), from: null });
}

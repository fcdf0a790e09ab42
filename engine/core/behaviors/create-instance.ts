import { applyEvent } from '../apply.ts';
import type { EngineEvent } from '../events.ts';
import { Failure } from '../failure.ts';
import { processScope } from '../instance-tree.ts';
import type { ProcessElement } from '../model.ts';
import { elementAt, type Run, type Token, tokenOf } from '../run.ts';
import type { InstanceState } from '../state.ts';
import { typed, type Variables } from '../values.ts';
import { openEventSubProcesses } from './event-sub-processes.ts';
import { runListeners } from './listeners.ts';
import { startScope } from './scopes.ts';
import { setLocalVariables } from './variables.ts';

export interface NewInstance {
  definitionId: number;
  rootId: number;
  caller?: { superId: number; superElementInstance: number };
  businessKey: string | null;
  tenant: string;
  area: string;
  variables: Variables;
  /** Index of the start event, or of another start element; the process's initial one when absent. */
  startElement?: number;
  /** The process begins without a token: start instructions follow. */
  isBare?: true;
}

/** Creates the instance in the root and puts its first token on the agenda. */
export function createInstance(run: Run, id: number, input: NewInstance): InstanceState {
  const { definitionId, rootId, caller, businessKey, tenant, area, variables } = input;
  const model = run.ports.model(definitionId);
  const process = elementAt(model, 0) as ProcessElement;
  const start = input.startElement ?? process.initial ?? (process.startEvents.length === 1 ? process.startEvents[0] : undefined);
  if (start === undefined && !input.isBare) {
    throw new Failure(
      'START_EVENT_MISSING',
      `Expected process ${model.key} to have a start event to begin with, but it has none`,
      process.id,
    );
  }
  const header = { definitionId, rootId, ...caller, businessKey, tenant, area, startedAt: run.ports.now, startedBy: run.actor.id };
  const event: EngineEvent = { instance: id, type: 'InstanceStarted', header, startElement: input.isBare ? null : (start ?? null) };
  run.events.push(event);
  const state = applyEvent(undefined, event);
  run.root.instances.set(id, state);
  const scope = tokenOf(run, state, processScope(state)) as Token<ProcessElement>;
  const first = start === undefined ? process : elementAt(model, start);
  if (first.type === 'bpmn:StartEvent' && first.initiator) setLocalVariables(scope, { [first.initiator]: typed(run.actor.id) });
  setLocalVariables(scope, variables);
  runListeners(scope, 'start');
  if (input.isBare) openEventSubProcesses(scope);
  else startScope(scope, start);
  return state;
}

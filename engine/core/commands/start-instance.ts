import { createInstance } from '../behaviors/create-instance.ts';
import { applyInstructions } from '../modification/apply-instructions.ts';
import type { StartInstruction } from '../modification/instructions.ts';
import { runToWaitStates } from '../execute.ts';
import { Failure } from '../failure.ts';
import type { ProcessModel } from '../model.ts';
import type { Actor, Ports, RootState } from '../ports.ts';
import { type CommandResult, createRun } from '../run.ts';
import { startElements } from '../start-elements.ts';
import type { Variables } from '../values.ts';

export interface StartInstanceInput {
  definitionId: number;
  /** The new instance's id; taken from `ports.nextId()` when absent. */
  instanceId?: number;
  businessKey?: string | null;
  variables?: Variables;
  tenant: string;
  /** Area path. */
  area: string;
  /** BPMN id of the start event (message and timer starts), or of an element whose message begins the instance; absent = the none start event, or the only one. */
  startElement?: string;
  /** Begins at these places instead of a start event, as Camunda's `startInstructions`. */
  instructions?: readonly StartInstruction[];
  skipListeners?: boolean;
  skipIoMappings?: boolean;
}

/**
 * Creates a root instance in `root` (which may be empty) and runs it to its wait states.
 * @throws Failure `START_EVENT_MISSING`, `START_EVENT_UNKNOWN`, or what an element fails with; then `root` must be dropped
 */
export function startInstance(
  input: StartInstanceInput,
  root: RootState,
  ports: Ports,
  actor: Actor,
): CommandResult<{ instanceId: number; ended: boolean }> {
  const { instructions = [], skipListeners = false, skipIoMappings = false } = input;
  const run = Object.assign(createRun(root, ports, actor), { skipListeners, skipIoMappings });
  const instanceId = input.instanceId ?? ports.nextId();
  const { definitionId, tenant, area, startElement } = input;
  const state = createInstance(run, instanceId, {
    definitionId,
    rootId: instanceId,
    businessKey: input.businessKey ?? null,
    tenant,
    area,
    variables: input.variables ?? {},
    ...(startElement !== undefined && { startElement: startEventIndex(ports.model(definitionId), startElement) }),
    ...(instructions.length > 0 && { isBare: true }),
  });
  if (instructions.length > 0) applyInstructions(run, state, instructions);
  runToWaitStates(run);
  return { events: run.events, result: { instanceId, ended: state.status === 'ended' } };
}

function startEventIndex(model: ProcessModel, id: string): number {
  const index = model.indexById[id];
  if (index !== undefined && startElements(model).includes(index)) return index;
  throw new Failure('START_EVENT_UNKNOWN', `Expected ${id} to be a start event of process ${model.key}, but it is not`, id);
}

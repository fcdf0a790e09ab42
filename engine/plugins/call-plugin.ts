import { Failure } from '#engine/core/failure.ts';
import { PLUGIN_OPTIONS } from '#engine/core/model.ts';
import { plainValue, resultValue } from '#engine/expressions/plain-value.ts';
import type { LockedTask } from '#engine/services/contract.ts';
import { isForbiddenName, isPlainObject } from '#forms/runtime/pointers.ts';
import type { Json, JsonObject, ServiceTaskFailure, ServiceTaskOutcome } from '#plugins/api.ts';
import { messageOf, type ActivePlugin } from './load-plugins.ts';

const LIMITS = { depth: 64, length: 1024 * 1024 } as const;

/** One try of one task: checks the options, calls the plugin, checks what comes back. Never throws and never outlives the signal. */
export async function callPlugin(
  plugin: ActivePlugin,
  task: LockedTask,
  attempt: number,
  signal: AbortSignal,
): Promise<ServiceTaskOutcome> {
  // A copy: a plugin that changes it must not change what the engine holds.
  const variables = structuredClone(plainVariables(task));
  const options = variables[PLUGIN_OPTIONS] ?? {};
  const errors = plugin.checkOptions(options);
  if (errors.length > 0) {
    const faults = errors.map(({ pointer, message }) => `${pointer || '/'} ${message.en}`).join('; ');
    return failed(`Expected the options of plugin ${plugin.manifest.id} to fit its schema, but: ${faults}`, { retry: false });
  }
  if (signal.aborted) return failed(messageOf(signal.reason));
  try {
    const outcome: unknown = await untilAborted(
      signal,
      plugin.serviceTask?.run({
        options: options as JsonObject,
        variables,
        idempotencyKey: `songbai-${task.tenant}-${task.instanceId}-${task.id}`,
        attempt,
        tenant: task.tenant,
        businessKey: task.businessKey,
        processKey: task.definitionKey,
        elementId: task.elementId,
        signal,
      }),
    );
    return checkOutcome(outcome, plugin.manifest.id);
  } catch (error) {
    return failed(messageOf(error) || `Expected plugin ${plugin.manifest.id} to do its work, but it threw without a message`);
  }
}

const failed = (message: string, more: Omit<ServiceTaskFailure, 'kind' | 'message'> = {}): ServiceTaskFailure => ({
  kind: 'failed',
  message,
  ...more,
});

/** A plugin that does not listen to its signal is left behind: its answer counts no more. */
function untilAborted<T>(signal: AbortSignal, work: Promise<T> | undefined): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const handleAbort = () => reject(signal.reason instanceof Error ? signal.reason : new Error(messageOf(signal.reason)));
    signal.addEventListener('abort', handleAbort, { once: true });
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', handleAbort));
  });
}

/** Compiled plugins keep to the types; others may answer anything, and what they answer goes into the instance. */
function checkOutcome(outcome: unknown, id: string): ServiceTaskOutcome {
  const wrong = (but: string) => failed(`Expected plugin ${id} to answer an outcome, but ${but}`, { retry: false });
  if (!isPlainObject(outcome)) return wrong('it answered none');
  const { kind } = outcome;
  if (kind === 'completed') {
    const but = valueProblem(outcome['output']);
    return but ? wrong(`its output ${but}`) : (outcome as ServiceTaskOutcome);
  }
  if (kind === 'bpmnError') {
    const but = typeof outcome['code'] === 'string' ? valueProblem(outcome['variables']) : 'has no code';
    return but ? wrong(`its BPMN error ${but}`) : (outcome as ServiceTaskOutcome);
  }
  if (kind === 'failed' && typeof outcome['message'] === 'string') return outcome as unknown as ServiceTaskOutcome;
  return wrong(`its kind is ${JSON.stringify(kind)}`);
}

function valueProblem(value: unknown): string | null {
  if (value === undefined) return null;
  if (!isPlainObject(value)) return 'is no object';
  try {
    if (JSON.stringify(value).length > LIMITS.length) return `has more than ${LIMITS.length} characters`;
  } catch {
    return 'is no JSON';
  }
  return nestingProblem(value, 1);
}

function nestingProblem(value: unknown, depth: number): string | null {
  if (typeof value !== 'object' || value === null) return null;
  if (depth > LIMITS.depth) return `has more than ${LIMITS.depth} levels`;
  for (const [name, entry] of Object.entries(value)) {
    const problem = !Array.isArray(value) && isForbiddenName(name) ? `has a key ${name}` : nestingProblem(entry, depth + 1);
    if (problem) return problem;
  }
  return null;
}

/** As JSON; variables in formats that only their own program can read are left out. */
function plainVariables({ variables }: LockedTask): JsonObject {
  const plain: JsonObject = {};
  for (const [name, variable] of Object.entries(variables)) {
    try {
      plain[name] = resultValue(plainValue(variable, name)) as Json;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }
  return plain;
}

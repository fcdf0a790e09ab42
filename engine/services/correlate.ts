import { correlateMessage } from '#engine/core/commands/correlate-message.ts';
import { findElementInstance } from '#engine/core/instance-tree.ts';
import type { EngineEvent } from '#engine/core/events.ts';
import type { Actor, Ports, RootState } from '#engine/core/ports.ts';
import type { Variables } from '#engine/core/values.ts';
import { invalidInput, notFound } from '#engine/errors.ts';
import { startSubscriptions } from '#engine/store/definition-store.ts';
import { recall, remember } from '#engine/store/idempotency-store.ts';
import { loadBySubscription, type LoadedRoot } from '#engine/store/instance-store.ts';
import { matchingSubscriptions, type SubscriptionRow } from '#engine/store/subscription-store.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import type { ServiceContext } from './context.ts';
import type { CorrelateInput, CorrelateResult } from './contract.ts';
import { runCommand } from './run-command.ts';
import { start } from './start.ts';

/** Local variables are looked up one by one. */
const MOST_LOOKED_INTO = 5_000;

/** `stepsBefore`: of the job that throws the message. */
type Correlation = CorrelateInput & { stepsBefore?: number };

/**
 * Hands a message to the execution that waits for it, else starts the process that begins with it.
 * @see https://docs.camunda.org/manual/7.24/reference/rest/message/post-message/
 */
export function* correlate(context: ServiceContext, writes: Writes, input: Correlation): Work<CorrelateResult[]> {
  const { message, tenant, area, businessKey, processInstanceId, correlationKeys, localCorrelationKeys, all = false } = input;
  const idempotency = input.idempotencyKey ? { tenant, scope: `message:${message}`.slice(0, 190), key: input.idempotencyKey } : null;
  const now = context.store.clock.now();
  const earlier = idempotency ? yield* recall(idempotency, now) : null;
  if (earlier) return earlier.result as unknown as CorrelateResult[];

  const matching = yield* matchingSubscriptions({
    name: message,
    tenant,
    area,
    businessKey: businessKey ?? null,
    instanceId: processInstanceId ?? null,
    ...(correlationKeys && { correlationKeys }),
    ...(hasKeys(localCorrelationKeys) && { limit: MOST_LOOKED_INTO }),
  });
  const waiting = yield* withLocalKeys(matching, localCorrelationKeys);
  const canStart = processInstanceId === undefined || processInstanceId === null;
  const starting = canStart && !hasKeys(correlationKeys) && !hasKeys(localCorrelationKeys) ? yield* startSubscriptions('message', message, tenant) : [];
  if (!all && waiting.length > 1) throw mismatch(message, `${waiting.length} executions match`);
  if (waiting.length === 0 && starting.length === 0 && !input.mayMatchNone) throw mismatch(message, 'no execution or process definition matches');
  if (!all && waiting.length === 0 && starting.length > 1) throw mismatch(message, `${starting.length} process definitions start on it`);

  const results: CorrelateResult[] = [];
  for (const subscriptions of byRoot(waiting)) results.push(...(yield* deliver(context, writes, subscriptions, input)));
  if (waiting.length === 0 || all) {
    for (const { definitionId, element } of starting) {
      const instance = yield* start(context, writes, {
        definition: { id: definitionId },
        tenant,
        area: area ?? tenant,
        businessKey: businessKey ?? null,
        variables: { ...correlationKeys, ...input.variables },
        actor: input.actor,
        startElement: element,
        ...(input.stepsBefore !== undefined && { stepsBefore: input.stepsBefore }),
      });
      results.push({ kind: 'started', instance });
    }
  }
  // Variables are for who asks first; the remembered answer stays small.
  if (idempotency) remember(writes, idempotency, now, results.map((each) => (each.kind === 'correlated' ? { ...each, variables: {} } : { ...each, instance: { ...each.instance, variables: {} } })) as never);
  return results;
}

/** Those whose execution has these variables itself: the waiting element or, as it has seldom any, the sub-process around it. */
function* withLocalKeys(subscriptions: SubscriptionRow[], keys: Variables | undefined): Work<SubscriptionRow[]> {
  if (!keys || !hasKeys(keys)) return subscriptions;
  const matching: SubscriptionRow[] = [];
  for (const subscription of subscriptions) {
    const loaded = yield* loadBySubscription(subscription.id);
    const state = loaded?.instances.get(subscription.instanceId)?.state;
    const owner = state && findElementInstance(state, subscription.elementInstance);
    const scope = state && owner && findElementInstance(state, owner.scope);
    const own = { ...scope?.variables, ...owner?.variables };
    if (Object.keys(keys).every((name) => Object.hasOwn(own, name) && own[name]?.value === keys[name]?.value)) matching.push(subscription);
  }
  return matching;
}

/** Executions of one root get the message in one command: it is loaded and guarded as a whole. */
function* deliver(context: ServiceContext, writes: Writes, subscriptions: SubscriptionRow[], input: Correlation): Work<CorrelateResult[]> {
  const first = subscriptions[0]?.id ?? 0;
  function* load(): Work<LoadedRoot> {
    const loaded = yield* loadBySubscription(first);
    if (!loaded) throw notFound('message subscription', first);
    return loaded;
  }
  const payload = { variables: input.variables, localVariables: input.variablesLocal ?? {} };
  const { result } = yield* runCommand(context, writes, {
    load,
    command: (root, ports, by) => correlateEach(subscriptions.map(({ id }) => id), payload, root, ports, by),
    actor: input.actor,
    operation: 'correlate',
    ...(input.stepsBefore !== undefined && { stepsBefore: input.stepsBefore }),
  });
  return result;
}

/** What the first delivery interrupts no longer waits for the second; that is no error. */
export function correlateEach(
  subscriptionIds: readonly number[],
  payload: { variables: Variables; localVariables: Variables },
  root: RootState,
  ports: Ports,
  actor: Actor,
): { events: EngineEvent[]; result: CorrelateResult[] } {
  const events: EngineEvent[] = [];
  const results: CorrelateResult[] = [];
  for (const subscriptionId of subscriptionIds) {
    if (results.length > 0 && !isOpen(root, subscriptionId)) continue;
    const outcome = correlateMessage({ subscriptionId, ...payload }, root, ports, actor);
    events.push(...outcome.events);
    const { instanceId, elementInstance } = outcome.result;
    results.push({ kind: 'correlated', instanceId, elementInstance, variables: root.instances.get(instanceId)?.elements[0]?.variables ?? {} });
  }
  return { events, result: results };
}

function isOpen(root: RootState, subscriptionId: number): boolean {
  for (const state of root.instances.values()) if (state.subscriptions.some(({ id }) => id === subscriptionId)) return true;
  return false;
}

function byRoot(subscriptions: readonly SubscriptionRow[]): SubscriptionRow[][] {
  return [...Map.groupBy(subscriptions, ({ rootId }) => rootId).values()];
}

function hasKeys(variables: object | undefined): boolean {
  return variables !== undefined && Object.keys(variables).length > 0;
}

/** Camunda's wording, which its users' scripts look for. */
function mismatch(message: string, why: string): Error {
  return invalidInput('MISMATCHING_MESSAGE', `Cannot correlate message '${message}': expected exactly one execution or process definition, but ${why}`, { message });
}

import type { ElementInstance, InstanceState } from '#engine/core/state.ts';
import { notFound } from '#engine/errors.ts';
import { canSee } from '#engine/identity/scope.ts';
import type { Principal } from '#engine/identity/principal.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { findExecution, findInside } from '#engine/store/read-models/executions.ts';

export interface Execution {
  state: InstanceState;
  element: ElementInstance;
}

/**
 * The execution behind an id of the wire: of an instance, a task, an external task, a job, something that waits for an event, or
 * `instance.element` as the tree of activity instances names all else. @throws RequestError 404
 */
export async function executionOf({ store }: RouteContext, principal: Principal, text = ''): Promise<Execution> {
  const [, instance, inside] = /^([1-9]\d{0,15})(?:\.([1-9]\d{0,15}))?$/.exec(text) ?? [];
  const place = instance === undefined ? null : await store.query(inside === undefined ? findExecution(Number(instance)) : findInside(Number(instance), Number(inside)));
  const state = place?.root.instances.get(place.instanceId)?.state;
  const element = state?.elements.find(({ id }) => id === place?.elementInstance);
  if (!state || !element || !canSee(principal, state)) throw notFound('execution', text.slice(0, 60));
  return { state, element };
}

/** How the tree names an execution that nothing waits for. */
export const insideId = (state: InstanceState, { id }: ElementInstance): string => `${state.id}.${id}`;

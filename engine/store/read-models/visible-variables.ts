import type { InstanceState } from '#engine/core/state.ts';
import type { Variables } from '#engine/core/values.ts';
import type { LoadedRoot } from '../instance-store.ts';

/** The instance that was asked for. */
export function instanceIn(loaded: LoadedRoot): InstanceState | null {
  return loaded.instances.get(loaded.instanceId)?.state ?? null;
}

/** What an element instance sees: its own variables, then those of the scopes around it. */
export function variablesFrom(state: InstanceState, elementInstance: number): Variables {
  const visible: Variables = {};
  let at = state.elements.find(({ id }) => id === elementInstance);
  while (at) {
    for (const [name, value] of Object.entries(at.variables ?? {})) if (!Object.hasOwn(visible, name)) visible[name] = value;
    const { scope } = at;
    at = scope === 0 ? undefined : state.elements.find(({ id }) => id === scope);
  }
  return visible;
}

export const processVariables = (state: InstanceState): Variables => state.elements[0]?.variables ?? {};

import type { TypedValue, VariableType } from '#engine/core/values.ts';
import type { InstanceChange } from './instance-store.ts';
import type { Row, Writes } from './unit-of-work.ts';

/** Longer text is not searched for. */
const MAX_TEXT = 255;

/** Keeps `search_variable` in step with the process variables; primitive ones only. */
export function projectVariables(writes: Writes, change: InstanceChange): void {
  const { state, loaded, ended } = change;
  if (ended) {
    if (loaded) writes.delete('search_variable', { instance_id: state.id });
    return;
  }
  if (change.migratedFrom && isOtherwiseSearched(change, change.migratedFrom)) return rewriteAll(writes, change);
  const isSearched = searchedNames(change);
  const seen = new Map<string, TypedValue | undefined>();
  for (const event of change.events) {
    if ((event.type !== 'VariableSet' && event.type !== 'VariableRemoved') || event.scope !== state.id || seen.has(event.name)) continue;
    if (isSearched(event.name)) seen.set(event.name, event.old);
  }
  if (seen.size === 0) return;
  const now = state.elements[0]?.variables ?? {};
  for (const [name, old] of seen) {
    const key = { instance_id: state.id, name };
    const before = loaded && old ? searchRow(old) : null;
    const after = now[name] ? searchRow(now[name]) : null;
    if (after && before) writes.update('search_variable', key, after);
    else if (after) writes.insert('search_variable', { ...key, ...after });
    else if (before) writes.delete('search_variable', key);
  }
}

/** The new version of a migrated instance may be searched by other variables. */
function rewriteAll(writes: Writes, change: InstanceChange): void {
  const instance_id = change.state.id;
  const isSearched = searchedNames(change);
  writes.delete('search_variable', { instance_id });
  for (const [name, value] of Object.entries(change.state.elements[0]?.variables ?? {})) {
    const row = isSearched(name) ? searchRow(value) : null;
    if (row) writes.insert('search_variable', { instance_id, name, ...row });
  }
}

const isOtherwiseSearched = ({ model }: Pick<InstanceChange, 'model'>, { model: before }: Pick<InstanceChange, 'model'>) =>
  model.elements[0]?.properties['songbai:searchable'] !== before.elements[0]?.properties['songbai:searchable'];

/** `songbai:searchable="a,b"` on the process narrows the search to the variables it names. */
export function searchedNames({ model }: Pick<InstanceChange, 'model'>): (name: string) => boolean {
  const searchable = model.elements[0]?.properties['songbai:searchable'];
  if (searchable === undefined) return (name) => name.length <= 190;
  const names = new Set(searchable.split(',').map((name) => name.trim()));
  return (name) => names.has(name);
}

const NUMBERS: ReadonlySet<VariableType> = new Set(['Short', 'Integer', 'Long', 'Double']);

/** How a value is found: text and dates as text, numbers and booleans (1, 0) as numbers; null = it cannot be searched for. */
export function searchRow({ type, value }: TypedValue): Row | null {
  if (type === 'Null') return { type, text_value: null, number_value: null };
  if (type === 'Boolean') return { type, text_value: null, number_value: value ? 1 : 0 };
  if (NUMBERS.has(type) && typeof value === 'number') return { type, text_value: null, number_value: value };
  if ((type === 'String' || type === 'Date') && typeof value === 'string' && value.length <= MAX_TEXT)
    return { type, text_value: value, number_value: null };
  return null;
}

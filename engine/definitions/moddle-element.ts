/** The part of moddle's objects that the compiler reads; everything else stays behind these accessors. */
export interface ModdleElement {
  $type: string;
  $parent?: ModdleElement;
  $attrs?: Record<string, unknown>;
  id?: string;
  get(name: string): unknown;
}

/** A text attribute or body, trimmed; undefined when absent or blank. */
export function text(element: ModdleElement, name: string): string | undefined {
  const value = element.get(name) ?? element.$attrs?.[name];
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  const trimmed = String(value).trim();
  return trimmed === '' ? undefined : trimmed;
}

/** A boolean attribute with the descriptor's default; other spellings than true/false count as false. */
export function flag(element: ModdleElement, name: string): boolean {
  const value = element.get(name);
  return value === true || value === 'true';
}

export function one(element: ModdleElement, name: string): ModdleElement | undefined {
  const value = element.get(name);
  return isElement(value) ? value : undefined;
}

/** The id that a reference names, whether there is such an element or not. */
export function referredId(element: ModdleElement, name: string): string | undefined {
  const value = element.get(name);
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string' ? value.id : undefined;
}

export function many(element: ModdleElement, name: string): ModdleElement[] {
  const value = element.get(name);
  return Array.isArray(value) ? value.filter(isElement) : [];
}

/** Children of `<extensionElements>` with one of these types, e.g. `camunda:In`. */
export function extensions(element: ModdleElement, type: string): ModdleElement[] {
  const holder = element.get('extensionElements');
  return isElement(holder) ? many(holder, 'values').filter((value) => value.$type === type) : [];
}

function isElement(value: unknown): value is ModdleElement {
  return typeof value === 'object' && value !== null && '$type' in value;
}

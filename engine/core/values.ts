/**
 * Typed process variables, Camunda 7's value types.
 * In memory and in the state blob `Json` holds the parsed value; every other type holds what travels on the wire.
 * @see https://docs.camunda.org/manual/7.24/user-guide/process-engine/variables/
 */
export type VariableType =
  | 'String'
  | 'Boolean'
  | 'Short'
  | 'Integer'
  | 'Long'
  | 'Double'
  | 'Date'
  | 'Json'
  | 'Object'
  | 'Bytes'
  | 'File'
  | 'Null';

export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue };

export interface TypedValue {
  type: VariableType;
  value: JsonValue;
  /** `objectTypeName`, `serializationDataFormat`, `filename`, `mimetype`, `encoding`. */
  info?: Record<string, string>;
  /** Visible until the end of the command, never stored. */
  transient?: true;
}

export type Variables = Record<string, TypedValue>;

/** The value as it may be stored, also when its source is transient. */
export function stored({ type, value, info }: TypedValue): TypedValue {
  return { type, value, ...(info && { info }) };
}

/** The type Camunda 7 would give a plain value; integers beyond 32 bit become `Long`. */
export function typed(value: unknown): TypedValue {
  if (value === null || value === undefined) return { type: 'Null', value: null };
  if (typeof value === 'string') return { type: 'String', value };
  if (typeof value === 'boolean') return { type: 'Boolean', value };
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) return { type: 'Double', value };
    return { type: Math.abs(value) < 2 ** 31 ? 'Integer' : 'Long', value };
  }
  return { type: 'Json', value: value as JsonValue };
}

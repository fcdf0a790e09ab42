import { hash } from 'node:crypto';
import type { JsonValue, TypedValue, Variables, VariableType } from '#engine/core/values.ts';

/** A larger value is stored once, beside the state, under the hash of its content. In UTF-16 units, which for JSON is close to bytes. */
export const LARGE_VALUE = 8 * 1024;

const CODES: Record<VariableType, string> = {
  String: 's',
  Boolean: 'b',
  Short: 'h',
  Integer: 'i',
  Long: 'l',
  Double: 'd',
  Date: 't',
  Json: 'j',
  Object: 'o',
  Bytes: 'y',
  File: 'f',
  Null: 'n',
};
const TYPES = new Map(Object.entries(CODES).map(([type, code]) => [code, type as VariableType]));

/** A plain value is a String, Boolean, Integer or Null; all else is `[code, value, info?, hash?]`. */
export type EncodedValue = string | number | boolean | null | (JsonValue | Record<string, string>)[];

/** Values that were put beside: content by hash. */
export type Payloads = Map<string, string>;

/** A decoded value whose content still has to be read from `payload`. */
export interface MissingPayload {
  value: TypedValue;
  hash: string;
}

/** Under which hash a value in memory is stored already, so that an untouched large value is neither hashed nor written again. */
const storedUnder = new WeakMap<TypedValue, string>();

/** @param payloads where large values go; null keeps them in place, unless they are stored already. */
export function encodeValue(value: TypedValue, payloads: Payloads | null): EncodedValue {
  const { type, value: content, info } = value;
  const key = payloads ? putBeside(value, payloads) : storedUnder.get(value);
  if (key !== undefined) return [CODES[type], null, info ?? null, key];
  if (!info && (type === 'String' || type === 'Integer' || type === 'Boolean' || type === 'Null'))
    return content as string | number | boolean | null;
  return info ? [CODES[type], content, info] : [CODES[type], content];
}

function putBeside(value: TypedValue, payloads: Payloads): string | undefined {
  const known = storedUnder.get(value);
  if (known !== undefined) return known;
  const { value: content } = value;
  if (typeof content === 'string' ? content.length <= LARGE_VALUE : typeof content !== 'object' || content === null) return undefined;
  const text = JSON.stringify(content);
  if (text.length <= LARGE_VALUE) return undefined;
  const key = hash('sha256', text);
  payloads.set(key, text);
  return key;
}

export function decodeValue(encoded: EncodedValue, missing: MissingPayload[]): TypedValue {
  if (encoded === null) return { type: 'Null', value: null };
  if (typeof encoded === 'string') return { type: 'String', value: encoded };
  if (typeof encoded === 'number') return { type: 'Integer', value: encoded };
  if (typeof encoded === 'boolean') return { type: 'Boolean', value: encoded };
  const [code, content, info, key] = encoded;
  const value: TypedValue = { type: TYPES.get(code as string) ?? 'Null', value: content as JsonValue };
  if (info) value.info = info as Record<string, string>;
  if (typeof key === 'string') missing.push({ value, hash: key });
  return value;
}

/** Puts a stored content back into the value it belongs to. */
export function restorePayload({ value, hash: key }: MissingPayload, content: JsonValue): void {
  value.value = content;
  storedUnder.set(value, key);
}

export function encodeVariables(variables: Variables, payloads: Payloads | null): Record<string, EncodedValue> {
  const encoded: Record<string, EncodedValue> = {};
  for (const name in variables) encoded[name] = encodeValue(variables[name] as TypedValue, payloads);
  return encoded;
}

export function decodeVariables(encoded: Record<string, EncodedValue>, missing: MissingPayload[]): Variables {
  const variables: Variables = {};
  for (const name in encoded) variables[name] = decodeValue(encoded[name] as EncodedValue, missing);
  return variables;
}

/** JSON of what `encode` makes; when it is long, a second time with its large values put beside. */
export function toJson(encode: (payloads: Payloads | null) => unknown, payloads: Payloads): string {
  const text = JSON.stringify(encode(null));
  return text.length <= LARGE_VALUE ? text : JSON.stringify(encode(payloads));
}

import { parseDate, formatDate } from '#engine/expressions/iso-date.ts';
import { typed, type JsonValue, type TypedValue, type Variables, type VariableType } from '#engine/core/values.ts';
import { invalidInput, type RequestError } from '#engine/errors.ts';
import { hasLostDigits, refuseBeforeParsing, refuseHostileJson } from '#engine/rest/middleware/hostile-json.ts';

/** A variable as Camunda's REST API sends and takes it. */
export interface WireValue {
  value?: unknown;
  type?: string | null;
  valueInfo?: Record<string, unknown> | null;
}
export type WireVariables = Record<string, WireValue>;

const TYPES = [
  'String',
  'Boolean',
  'Short',
  'Integer',
  'Long',
  'Double',
  'Date',
  'Json',
  'Object',
  'Bytes',
  'File',
  'Null',
] as const satisfies VariableType[];
const BY_LOWER_CASE = new Map<string, VariableType>(TYPES.map((type) => [type.toLowerCase(), type]));
const INTEGER_LIMITS = { Short: 2 ** 15, Integer: 2 ** 31, Long: 2 ** 53 };

export function toVariables(wire: WireVariables | null | undefined): Variables {
  const variables: Variables = {};
  for (const [name, value] of Object.entries(wire ?? {})) variables[name] = toTypedValue(name, value);
  return variables;
}

/** Type names in any case; without a type it follows from the value. @throws RequestError 400 `VALUE_INVALID` */
export function toTypedValue(name: string, wire: WireValue): TypedValue {
  const value = storedValue(name, wire);
  return wire.valueInfo?.['transient'] === true ? { ...value, transient: true } : value;
}

function storedValue(name: string, { value, type: typeName, valueInfo }: WireValue): TypedValue {
  if (typeName === null || typeName === undefined || typeName === '') return plainTyped(name, value);
  const type = BY_LOWER_CASE.get(typeName.toLowerCase());
  if (!type) throw invalid(name, typeName, 'the type is not supported');
  if (value === null || value === undefined) return withInfo({ type: type === 'Null' ? 'Null' : type, value: null }, valueInfo);
  return withInfo({ type, value: converted(name, type, value, valueInfo) }, valueInfo);
}

function plainTyped(name: string, value: unknown): TypedValue {
  if (value !== null && typeof value === 'object') refuseHostileJson(value, pointerOf(name), true);
  if (typeof value === 'number' && hasLostDigits(value)) throw invalid(name, 'Long', LOST_DIGITS);
  return typed(value);
}

const LOST_DIGITS = 'integers beyond 2^53 lose digits, send it as String';
const pointerOf = (name: string): string => `/variables/${name.slice(0, 60)}/value`;

function converted(name: string, type: VariableType, value: unknown, info: WireValue['valueInfo']): JsonValue {
  switch (type) {
    case 'String':
      if (typeof value === 'string') return value;
      if (typeof value === 'number' || typeof value === 'boolean') return String(value);
      throw invalid(name, type, 'it is not text');
    case 'Boolean':
      if (typeof value === 'boolean') return value;
      if (value === 'true' || value === 'false') return value === 'true';
      throw invalid(name, type, 'it is neither true nor false');
    case 'Short':
    case 'Integer':
    case 'Long':
      return integer(name, type, value);
    case 'Double':
      return double(name, value);
    case 'Date':
      return date(name, value);
    case 'Json':
      return json(name, value);
    case 'Object':
      return serialized(name, value, info);
    case 'Bytes':
    case 'File':
      return base64(name, type, value);
    case 'Null':
      throw invalid(name, type, 'it has a value');
  }
}

function integer(name: string, type: keyof typeof INTEGER_LIMITS, value: unknown): number {
  const number = typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? Number(value) : value;
  const limit = INTEGER_LIMITS[type];
  if (typeof number !== 'number' || !Number.isInteger(number) || number < -limit || number >= limit)
    throw invalid(name, type, 'it is not an integer of that size');
  return number;
}

function double(name: string, value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw invalid(name, 'Double', 'it is not a number');
  return number;
}

function date(name: string, value: unknown): string {
  const at = typeof value === 'string' ? parseDate(value) : null;
  if (at === null || !FOUR_DIGITS.test(value as string) || at >= AFTER_LAST_DAY)
    throw invalid(name, 'Date', 'it is not a date like 2026-11-22T08:00:00.000+0800');
  return formatDate(at);
}

/** From the year 1000 to 9999: others could not be read again. */
const FOUR_DIGITS = /^[1-9]\d{3}-/;
const AFTER_LAST_DAY = Date.parse('9999-12-31T23:59:59.999Z') + 1;

/** JSON travels as text; inside it is a value. */
function json(name: string, value: unknown): JsonValue {
  if (typeof value !== 'string') throw invalid(name, 'Json', 'it is not JSON text');
  return parsed(name, 'Json', value);
}

/** Java-serialized objects are refused: they can only be read by running what they say. */
function serialized(name: string, value: unknown, info: WireValue['valueInfo']): string {
  const format = info?.['serializationDataFormat'] ?? 'application/json';
  if (typeof format !== 'string' || !format.startsWith('application/json'))
    throw invalid(name, 'Object', 'its serializationDataFormat is not application/json');
  if (typeof value !== 'string') throw invalid(name, 'Object', 'it is not serialized text');
  parsed(name, 'Object', value);
  return value;
}

function parsed(name: string, type: string, text: string): JsonValue {
  let value: JsonValue;
  refuseBeforeParsing(Buffer.from(text), pointerOf(name));
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    throw invalid(name, type, 'it is not JSON text');
  }
  refuseHostileJson(value, pointerOf(name), type === 'Json');
  return value;
}

function base64(name: string, type: string, value: unknown): string {
  const text = typeof value === 'string' ? value.replace(/\s/g, '') : null;
  if (text === null || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw invalid(name, type, 'it is not base64');
  return text;
}

const INFO_KEYS = ['objectTypeName', 'serializationDataFormat', 'filename', 'mimetype', 'mimeType', 'encoding'];

function withInfo(value: TypedValue, info: WireValue['valueInfo']): TypedValue {
  const kept: Record<string, string> = {};
  for (const key of INFO_KEYS) {
    const text = info?.[key];
    if (typeof text === 'string') kept[key === 'mimeType' ? 'mimetype' : key] = text;
  }
  if (value.type === 'Object') kept['serializationDataFormat'] ??= 'application/json';
  if (Object.keys(kept).length > 0) value.info = kept;
  return value;
}

/** `deserialize`: JSON objects as values (Camunda's default when reading), else as text. Files and bytes are fetched apart. */
export function toWireValue({ type, value, info }: TypedValue, deserialize = false): Required<WireValue> {
  return { type, value: outward(type, value, info, deserialize), valueInfo: info ?? {} };
}

export function toWireVariables(variables: Variables, deserialize = false): Record<string, Required<WireValue>> {
  const wire: Record<string, Required<WireValue>> = {};
  for (const [name, value] of Object.entries(variables)) wire[name] = toWireValue(value, deserialize);
  return wire;
}

function outward(type: VariableType, value: JsonValue, info: TypedValue['info'], deserialize: boolean): unknown {
  if (value === null || type === 'File' || type === 'Bytes') return null;
  if (type === 'Json') return JSON.stringify(value);
  if (type === 'Date') return typeof value === 'number' ? formatDate(value) : value;
  const isJsonObject =
    type === 'Object' && typeof value === 'string' && (info?.['serializationDataFormat'] ?? '').startsWith('application/json');
  return isJsonObject && deserialize ? (JSON.parse(value as string) as unknown) : value;
}

function invalid(name: string, type: string, why: string): RequestError {
  return invalidInput(
    'VALUE_INVALID',
    `Cannot convert the value of variable '${name.slice(0, 60)}' to type '${type.slice(0, 60)}': ${why}`,
    { name: name.slice(0, 60), type: type.slice(0, 60) },
  );
}

export const wireValueSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    value: {},
    type: { type: ['string', 'null'], maxLength: 60 },
    valueInfo: { type: ['object', 'null'] },
    local: { type: 'boolean' },
  },
};
export const wireVariablesSchema = {
  type: ['object', 'null'],
  propertyNames: { minLength: 1, maxLength: 190 },
  maxProperties: 1000,
  additionalProperties: wireValueSchema,
};

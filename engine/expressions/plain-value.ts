import { Failure } from '#engine/core/failure.ts';
import type { EvaluationContext } from '#engine/core/ports.ts';
import { typed, type TypedValue } from '#engine/core/values.ts';
import { formatDate, parseDate } from './iso-date.ts';

/** A process variable as the value expressions calculate with: dates as `Date`, JSON objects parsed. @throws Failure `VALUE_NOT_READABLE` */
export function plainValue(variable: TypedValue, name: string): unknown {
  const { type, value, info } = variable;
  if (value === null) return null;
  if (type === 'Date') return readDate(value, name);
  if (type === 'Object' && typeof value === 'string') return readObject(value, info?.['serializationDataFormat'], name);
  // Clients may send the digits of a number as text.
  if (numbers.has(type) && typeof value === 'string') return Number(value);
  return value;
}

const numbers: ReadonlySet<string> = new Set(['Short', 'Integer', 'Long', 'Double']);

/** The value of a variable that must exist. @throws Failure `UNKNOWN_VARIABLE` */
export function variableValue(context: EvaluationContext, name: string): unknown {
  const variable = context.variable(name);
  if (variable === undefined) throw unknownVariable(name);
  return plainValue(variable, name);
}

/** Camunda's word for it, which clients show and search for. */
export const unknownVariable = (name: string) => new Failure('UNKNOWN_VARIABLE', `Cannot resolve identifier '${name}'`);

/** What leaves an expression is JSON: a `Date` becomes Camunda's date text, own value objects their text. */
export function resultValue(value: unknown): unknown {
  if (value instanceof Date) return formatDate(value.getTime());
  if (value === undefined) return null;
  return value;
}

/** The variable that an expression sets: a `Date` stays a date, all else is typed by its value. */
export const variableFor = (value: unknown): TypedValue =>
  value instanceof Date ? { type: 'Date', value: formatDate(value.getTime()) } : typed(value);

function readDate(value: unknown, name: string): Date {
  const at = typeof value === 'number' ? value : parseDate(String(value));
  if (at === null)
    throw new Failure('VALUE_NOT_READABLE', `Expected the date variable "${name}" to hold an ISO date, but it holds another text`);
  return new Date(at);
}

function readObject(text: string, format: string | undefined, name: string): unknown {
  if (!format?.startsWith('application/json')) {
    throw new Failure(
      'VALUE_NOT_READABLE',
      `Expected the object variable "${name}" to be application/json, but it is ${format ?? 'without format'}`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure('VALUE_NOT_READABLE', `Expected the object variable "${name}" to hold JSON, but it cannot be parsed`, null, {
      cause,
    });
  }
}

import { invalidInput } from '#engine/errors.ts';
import { timeOf } from './wire-format.ts';

/** Camunda's SuspensionStateDto. */
export const suspensionBody = {
  type: 'object',
  additionalProperties: false,
  required: ['suspended'],
  properties: { suspended: { type: 'boolean' } },
};
export interface SuspensionBody {
  suspended: boolean;
}

const TEXT = { type: ['string', 'null'], maxLength: 255 };

/** The same with more properties: texts unless they are named in `flags`. */
export function suspensionBodyWith(texts: readonly string[], flags: readonly string[] = []): object {
  return {
    ...suspensionBody,
    properties: {
      ...suspensionBody.properties,
      ...Object.fromEntries(texts.map((name) => [name, TEXT])),
      ...Object.fromEntries(flags.map((name) => [name, { type: ['boolean', 'null'] }])),
    },
  };
}

/** Camunda's `executionDate`; null = now. */
export const executionTime = (text: string | null | undefined): number | null => (text ? timeOf(text, 'executionDate') : null);

/** Exactly one of several ways to name what is meant. @throws RequestError 400 */
export function requireOneOf(body: object, names: readonly string[]): void {
  const given = names.filter((name) => (body as Record<string, unknown>)[name]);
  if (given.length === 1) return;
  throw invalidInput('QUERY_INVALID', `Expected exactly one of ${names.join(', ')}, but there are ${given.length}`, { problem: names[0] ?? '' });
}

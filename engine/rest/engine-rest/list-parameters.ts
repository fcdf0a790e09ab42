import { invalidInput, RequestError } from '#engine/errors.ts';
import type { FilterValue, ListRequest, ListScope, VariableCondition } from '#engine/store/read-models/filtered-list.ts';
import { filterId, timeOf } from './wire-format.ts';

/** How a filter is written on the wire; `variables` is `name_eq_value,…` in a query and a list of objects in a body. */
export type FilterKind = 'text' | 'id' | 'number' | 'time' | 'flag' | 'now' | 'texts' | 'ids' | 'variables';
export type FilterKinds = Readonly<Record<string, FilterKind>>;

/** The largest page; who wants more asks for the next one. */
export const MAX_RESULTS = 2_000;

export interface ListParameters {
  query: object;
  body: object;
  countQuery: object;
  countBody: object;
  /** @throws RequestError 400 */
  ofQuery(query: Record<string, string | undefined>, scope: ListScope, now: number): ListRequest;
  ofBody(body: ListBody, paging: Record<string, string | undefined>, scope: ListScope, now: number): ListRequest;
}
export type ListBody = Record<string, unknown>;

const COUNT = { type: 'string', pattern: '^[0-9]{1,9}$' };
export const PAGING = { firstResult: COUNT, maxResults: COUNT };

/** Schemas and readers of one list, from the words that its model knows. A word Camunda has and we do not is refused, not ignored. */
export function listParameters(kinds: FilterKinds, model: { sorts: Readonly<Record<string, unknown>> }): ListParameters {
  const sortBy = { enum: Object.keys(model.sorts) };
  const sorting = { sortBy, sortOrder: { enum: ['asc', 'desc'] } };
  const inQuery = Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      kind === 'flag' || kind === 'now' ? FLAG_TEXT : { type: 'string', maxLength: 4000 },
    ]),
  );
  const inBody = Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, BODY_SCHEMAS[kind]]));
  const sortingList = {
    type: 'array',
    maxItems: 5,
    items: { type: 'object', additionalProperties: false, required: ['sortBy'], properties: { ...sorting, parameters: {} } },
  };
  return {
    query: object({ ...inQuery, ...PAGING, ...sorting }),
    countQuery: object({ ...inQuery, ...sorting }),
    body: object({ ...inBody, sorting: sortingList }),
    countBody: object({ ...inBody, sorting: sortingList }),
    ofQuery(query, scope, now) {
      const filter: Record<string, FilterValue> = {};
      for (const [name, kind] of Object.entries(kinds)) {
        const text = query[name];
        if (text !== undefined) set(filter, name, kind, fromText(name, kind, text), now);
      }
      const by = query['sortBy'];
      if (!by && query['sortOrder']) throw sortIncomplete();
      return { scope, filter, sort: by ? [{ by, descending: query['sortOrder'] === 'desc' }] : [], ...page(query) };
    },
    ofBody(body, paging, scope, now) {
      const filter: Record<string, FilterValue> = {};
      for (const [name, kind] of Object.entries(kinds)) {
        const value = body[name];
        if (value !== undefined && value !== null) set(filter, name, kind, fromValue(name, kind, value), now);
      }
      const sort = ((body['sorting'] ?? []) as { sortBy: string; sortOrder?: string }[]).map((entry) => ({
        by: entry.sortBy,
        descending: entry.sortOrder === 'desc',
      }));
      return { scope, filter, sort, ...page(paging) };
    },
  };
}

/** Cuts the page that was asked for; who asked for all and would not get all is told so. */
export function wholePage<T>(rows: T[], request: ListRequest): T[] {
  if (rows.length <= MAX_RESULTS) return rows;
  throw new RequestError(
    400,
    'MAX_RESULTS_EXCEEDED',
    `Expected maxResults of at most ${MAX_RESULTS}, but the query has more results than that`,
    { limit: MAX_RESULTS, offset: request.offset },
  );
}

function page(query: Record<string, string | undefined>): { offset: number; limit: number } {
  const limit = query['maxResults'];
  if (limit !== undefined && Number(limit) > MAX_RESULTS)
    throw invalidInput('MAX_RESULTS_EXCEEDED', `Expected maxResults of at most ${MAX_RESULTS}, but it is ${limit}`, { limit: MAX_RESULTS });
  return { offset: Number(query['firstResult'] ?? 0), limit: limit === undefined ? MAX_RESULTS + 1 : Number(limit) };
}

/** Camunda takes a flag that is false as "not asked"; time-dependent flags get the clock's time. */
function set(filter: Record<string, FilterValue>, name: string, kind: FilterKind, value: FilterValue, now: number): void {
  if ((kind === 'flag' || kind === 'now') && value === false) return;
  filter[name] = kind === 'now' ? now : value;
}

function fromText(name: string, kind: FilterKind, text: string): FilterValue {
  switch (kind) {
    case 'text':
      return text;
    case 'id':
      return filterId(text);
    case 'number':
      if (!/^-?\d{1,15}$/.test(text))
        throw invalidInput('QUERY_INVALID', `Expected ${name} to be an integer, but it is not`, { problem: name });
      return Number(text);
    case 'time':
      return timeOf(text, name);
    case 'flag':
    case 'now':
      return text === 'true';
    case 'texts':
      return text.split(',');
    case 'ids':
      return text.split(',').map(filterId);
    case 'variables':
      return text.split(',').map((condition) => variableFromText(condition));
  }
}

function fromValue(name: string, kind: FilterKind, value: unknown): FilterValue {
  if (kind === 'ids') return (value as string[]).map(filterId);
  if (kind === 'id') return filterId(value as string);
  if (kind === 'time') return timeOf(value as string, name);
  if (kind !== 'variables') return value as FilterValue;
  return (value as { name: string; operator: VariableCondition['operator']; value: VariableCondition['value'] }[]).map((condition) => ({
    name: condition.name,
    operator: condition.operator,
    value: condition.value,
  }));
}

const OPERATORS: readonly string[] = ['eq', 'neq', 'gt', 'gteq', 'lt', 'lteq', 'like'];
const isOperator = (text: string | undefined): text is VariableCondition['operator'] => text !== undefined && OPERATORS.includes(text);

/** `name_operator_value`; numbers and booleans are recognised by how they look, as in Camunda. */
function variableFromText(text: string): VariableCondition {
  const [, name, operator, raw] = /^(.+?)_(eq|neq|gt|gteq|lt|lteq|like)_(.*)$/s.exec(text) ?? [];
  if (name === undefined || raw === undefined || !isOperator(operator))
    throw invalidInput('QUERY_INVALID', 'Expected variable conditions like name_eq_value, but one is not', { problem: 'variables' });
  if (raw === 'true' || raw === 'false') return { name, operator, value: raw === 'true' };
  return { name, operator, value: /^-?\d{1,15}(\.\d+)?$/.test(raw) ? Number(raw) : raw };
}

const sortIncomplete = () =>
  invalidInput('QUERY_INVALID', 'Only a single sorting parameter specified. sortBy and sortOrder required', { problem: 'sortBy' });

const FLAG_TEXT = { enum: ['true', 'false'] };
const TEXT = { type: ['string', 'null'], maxLength: 4000 };
const TEXTS = { type: ['array', 'null'], maxItems: 1000, items: { type: 'string', maxLength: 255 } };
const FLAG = { type: ['boolean', 'null'] };
const BODY_SCHEMAS: Readonly<Record<FilterKind, object>> = {
  text: TEXT,
  id: TEXT,
  number: { type: ['integer', 'null'] },
  time: TEXT,
  flag: FLAG,
  now: FLAG,
  texts: TEXTS,
  ids: TEXTS,
  variables: {
    type: ['array', 'null'],
    maxItems: 20,
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'operator', 'value'],
      properties: {
        name: { type: 'string', maxLength: 190 },
        operator: { enum: OPERATORS },
        value: { type: ['string', 'number', 'boolean', 'null'] },
      },
    },
  },
};

const object = (properties: object) => ({ type: 'object', additionalProperties: false, properties });

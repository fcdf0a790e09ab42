import { request } from '../../api/http.ts';

/** A record to pick; its properties fill other fields. */
export type PickRecord = Record<string, unknown>;
export type PickerKind = 'elder' | 'person' | 'device';

/** Where each kind is found, which property is the value, and what is shown beside the name. */
const SOURCES = {
  elder: { path: '/api/elders', value: 'id', name: 'name', beside: ['address', 'phone'] },
  person: { path: '/api/staff', value: 'username', name: 'name', beside: ['role'] },
  device: { path: '/api/devices', value: 'code', name: 'name', beside: ['location', 'code'] },
} as const satisfies Record<PickerKind, { path: string; value: string; name: string; beside: readonly string[] }>;

const MAX_RECORDS = 20;

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

export const recordValue = (kind: PickerKind, record: PickRecord): string => text(record[SOURCES[kind].value]);

export function recordLabel(kind: PickerKind, record: PickRecord): { name: string; beside: string } {
  const { name, beside } = SOURCES[kind];
  const texts = beside.map((property) => text(record[property])).filter((word) => word !== '');
  return { name: text(record[name]) || recordValue(kind, record), beside: texts.join(' · ') };
}

/** @throws ApiError */
export async function searchRecords(kind: PickerKind, search: string, signal: AbortSignal): Promise<PickRecord[]> {
  const answer = await request<PickRecord[] | { items: PickRecord[] }>('GET', SOURCES[kind].path, { query: { search }, signal });
  const records = Array.isArray(answer) ? answer : answer.items;
  // the list of devices comes whole
  const found = kind === 'device' ? records.filter((record) => isMatch(kind, record, search)) : records;
  return found.slice(0, MAX_RECORDS);
}

function isMatch(kind: PickerKind, record: PickRecord, search: string): boolean {
  const { name, beside } = recordLabel(kind, record);
  return `${name} ${beside}`.toLowerCase().includes(search.toLowerCase());
}

/** The whole record: lists may leave out what is needed to fill fields. @throws ApiError */
export function fetchRecord(kind: PickerKind, value: string): Promise<PickRecord> {
  return request<PickRecord>('GET', `${SOURCES[kind].path}/${encodeURIComponent(value)}`);
}

import type { Role } from '#engine/identity/principal.ts';
import { recordByKey, recordsByKeys, searchRecords, type RegisterRecord } from '#engine/store/register-store.ts';
import type { Work } from '#engine/store/unit-of-work.ts';
import { tagName, type Locale } from './elder-tags.ts';

/** What the elder register holds (`forms/register-elder`, the fields that processes use). */
export interface ElderData {
  sex: 'male' | 'female';
  /** ISO date. */
  birthDate: string;
  /** Masked when it is stored: 4 digits, asterisks, 3 digits. */
  idNumber: string;
  phone: string;
  address: string;
  livesWith: 'alone' | 'spouse' | 'children' | 'carer';
  /** 0 able … 4 fully dependent (GB/T 42195). */
  abilityLevel: number;
  /** Codes: `alone`, `disabled`, `advanced_age` …, see elder-tags.ts. */
  tags: string[];
  contacts: ElderContact[];
  notes: { text: string }[];
}

export interface ElderContact {
  name: string;
  relation: string;
  phone: string;
}

/** The card beside a task, a call or an alert; `phone`s are masked unless the viewer handles cases. */
export interface ElderCard {
  id: string;
  name: string;
  sex: 'male' | 'female';
  age: number;
  phone: string;
  address: string;
  abilityLevel: number;
  tags: string[];
  contacts: ElderContact[];
  notes: string[];
  area: string;
}

/** What an alert process is told about the elder at its start; contacts at most three, in calling order. */
export interface ElderForAlert {
  elderId: string;
  elderName: string;
  elderPhone: string;
  address: string;
  area: string;
  livingAlone: boolean;
  abilityLevel: number;
  tags: string[];
  contacts: ElderContact[];
}

/** Roles that call elders as part of their work see whole numbers; everyone else sees the mask. */
const CALLING_ROLES: ReadonlySet<Role> = new Set(['callcenter', 'dispatcher', 'worker', 'district-admin']);

export interface Viewer {
  roles: readonly Role[];
  /** Epoch ms, for the age. */
  now: number;
  /** Language of the tags. */
  locale: Locale;
}

export interface AreaScope {
  tenant: string;
  areas: string[];
}

/** The card of one elder, or null when there is none at or below the scope's areas. */
export function* elderCard(scope: AreaScope, id: string, viewer: Viewer): Work<ElderCard | null> {
  const record = yield* recordByKey(scope.tenant, 'elder', id);
  if (!record || !scope.areas.some((area) => record.area === area || record.area.startsWith(`${area}/`))) return null;
  return toElderCard(record, viewer);
}

/** Cards of several elders of a district by id, for lists; not limited by area, since the list already was. */
export function* elderCards(tenant: string, ids: string[], viewer: Viewer): Work<Map<string, ElderCard>> {
  const records = yield* recordsByKeys(tenant, 'elder', [...new Set(ids)]);
  return new Map(records.map((record) => [record.key, toElderCard(record, viewer)]));
}

/** Elders within the scope whose name, id, phone or address contains the text. */
export function* searchElders(scope: AreaScope, text: string, viewer: Viewer, limit = 20): Work<ElderCard[]> {
  const records = yield* searchRecords(scope, 'elder', text, limit);
  return records.map((record) => toElderCard(record, viewer));
}

/** Where the elder lives: the area of a case about them. Null when the id is unknown. */
export function* elderArea(tenant: string, id: string): Work<string | null> {
  return (yield* recordByKey(tenant, 'elder', id))?.area ?? null;
}

/** The elder's data as start variables of `alert_response`; null when the id is unknown. */
export function* elderForAlert(tenant: string, id: string): Work<ElderForAlert | null> {
  const record = yield* recordByKey(tenant, 'elder', id);
  if (!record) return null;
  const data = elderData(record);
  return {
    elderId: record.key,
    elderName: record.name,
    elderPhone: data.phone,
    address: data.address,
    area: record.area,
    livingAlone: data.livesWith === 'alone',
    abilityLevel: data.abilityLevel,
    tags: data.tags.map((tag) => tagName(tag, 'zh-CN')),
    contacts: data.contacts.slice(0, 3),
  };
}

export const elderData = (record: RegisterRecord): ElderData => record.data as unknown as ElderData;

export function toElderCard(record: RegisterRecord, viewer: Viewer): ElderCard {
  const data = elderData(record);
  const shown = viewer.roles.some((role) => CALLING_ROLES.has(role)) ? (phone: string) => phone : maskPhone;
  return {
    id: record.key,
    name: record.name,
    sex: data.sex,
    age: ageOn(data.birthDate, viewer.now),
    phone: shown(data.phone),
    address: data.address,
    abilityLevel: data.abilityLevel,
    tags: data.tags.map((tag) => tagName(tag, viewer.locale)),
    contacts: data.contacts.map((contact) => ({ ...contact, phone: shown(contact.phone) })),
    notes: data.notes.map((note) => note.text),
    area: record.area,
  };
}

/** `13812345678` → `138****5678`; land lines keep their last two digits. */
export function maskPhone(phone: string): string {
  if (/^1\d{10}$/.test(phone)) return `${phone.slice(0, 3)}****${phone.slice(7)}`;
  return phone.length <= 2 ? phone : '*'.repeat(phone.length - 2) + phone.slice(-2);
}

/** Full years on the day of `now` in China (UTC+8 all year). */
export function ageOn(birthDate: string, now: number): number {
  const [year = 0, month = 1, day = 1] = birthDate.split('-').map(Number);
  const today = new Date(now + 8 * 3_600_000);
  const before = today.getUTCMonth() + 1 < month || (today.getUTCMonth() + 1 === month && today.getUTCDate() < day);
  return today.getUTCFullYear() - year - (before ? 1 : 0);
}

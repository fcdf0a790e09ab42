const CHINA_OFFSET_MS = 8 * 3_600_000;
/** 工单, 评估, 转介, 投诉, 预警 in their pinyin initials, as hotlines number them. */
const CASE_KINDS: Readonly<Record<string, string>> = {
  work_order: 'GD',
  assessment: 'PG',
  referral: 'ZJ',
  complaint: 'TS',
  alert_response: 'YJ',
};

export interface CaseNumberInput {
  /** The district. */
  tenant: string;
  processKey: string;
  /** UTC epoch ms; the day is China's. */
  at: number;
  sequence: number;
}

/** District, kind, day, number: `120103-GD-20261122-00017`. */
export function caseNumber({ tenant, processKey, at, sequence }: CaseNumberInput): string {
  const day = new Date(at + CHINA_OFFSET_MS).toISOString().slice(0, 10).replaceAll('-', '');
  return `${tenant}-${CASE_KINDS[processKey] ?? initialsOf(processKey)}-${day}-${String(sequence).padStart(5, '0')}`;
}

const initialsOf = (key: string): string =>
  key
    .split(/[_-]/)
    .map((word) => word.charAt(0).toUpperCase())
    .join('');

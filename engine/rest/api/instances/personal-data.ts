import type { Principal, Role } from '#engine/identity/principal.ts';

/** Who handles cases sees numbers in full; who administers, designs or audits sees them masked. */
const CASE_ROLES: readonly Role[] = ['district-admin', 'dispatcher', 'worker', 'callcenter'];

export const seesPersonalData = ({ roles }: Principal): boolean => roles.some((role) => CASE_ROLES.includes(role));

/** Mobile numbers as 138****8000, identity numbers as 1201***********1234, wherever they stand in a value. */
export function masked(value: unknown): unknown {
  if (typeof value === 'string') {
    return value
      .replace(/(?<!\d)(\d{4})\d{10}(\d{3}[\dXx])(?![\dXx])/g, '$1**********$2')
      .replace(/(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)/g, '$1****$2');
  }
  if (Array.isArray(value)) return value.map(masked);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, masked(inner)]));
}

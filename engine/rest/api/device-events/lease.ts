import type { Lease } from '#engine/devices/inbox.ts';
import type { Principal } from '#engine/identity/principal.ts';

/** Districts the caller may take events of; a client without a district serves the whole installation. */
export const tenantsOf = (principal: Principal): string[] => (principal.tenant === '' ? [] : [principal.tenant]);

export function leaseFrom(principal: Principal, eventId: string, leaseToken: string): Lease;
export function leaseFrom(principal: Principal, eventId: string | undefined, leaseToken: string | undefined): Lease | undefined;
export function leaseFrom(principal: Principal, eventId: string | undefined, leaseToken: string | undefined): Lease | undefined {
  if (eventId === undefined || leaseToken === undefined) return undefined;
  return { id: Number(eventId), leaseToken, tenants: tenantsOf(principal) };
}

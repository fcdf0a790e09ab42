import { invalidInput, notAllowed } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';

/** Camunda's two ways to say for whom a message, signal or condition is; only the caller's own tenant can be meant. @throws RequestError 400, 403 */
export function requireOwnTenant(
  principal: Principal,
  { tenantId, withoutTenantId }: { tenantId?: string | null; withoutTenantId?: boolean | null },
): void {
  if (tenantId && withoutTenantId)
    throw invalidInput('QUERY_INVALID', "Parameter 'tenantId' cannot be used together with parameter 'withoutTenantId'.", {
      problem: 'tenantId',
    });
  if (tenantId && tenantId !== principal.tenant)
    throw notAllowed('Expected the tenant of the caller, but another one is named', { userId: principal.id });
}

/** A caller for a part of the district only reaches the instances of its first area; null = the whole district. */
export function areaOf(principal: Principal): string | null {
  return principal.areas.includes(principal.tenant) ? null : (principal.areas[0] ?? '');
}

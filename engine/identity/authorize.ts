import { notAllowed, notAuthenticated } from '#engine/errors.ts';
import type { Rule } from './policies.ts';
import type { Principal } from './principal.ts';

/** @throws RequestError 401 for nobody, 403 for somebody who may not. */
export function authorize(principal: Principal, rule: Rule, routeId: string): void {
  if (rule === 'public') return;
  if (principal.kind === 'anonymous') throw notAuthenticated();
  if (isAllowed(principal, rule)) return;
  throw notAllowed(`Expected a role or scope that permits ${routeId}, but ${principal.id} has none`, {
    route: routeId,
    userId: principal.id,
  });
}

export function isAllowed(principal: Principal, rule: Rule): boolean {
  if (rule === 'public') return true;
  if (principal.kind === 'client') return principal.scopes.some((scope) => rule.scopes?.includes(scope));
  return principal.kind === 'user' && (rule.roles === 'all' || principal.roles.some((role) => rule.roles?.includes(role)));
}

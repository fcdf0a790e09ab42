import { Bell, Connection, Document, DocumentAdd, Finished, List, User } from '@element-plus/icons-vue';
import type { Component } from 'vue';
import type { Role } from '../api/session.ts';

export interface NavigationItem {
  route: string;
  path: string;
  /** Message key of its name. */
  label: string;
  icon: Component;
  roles: readonly Role[];
}

/** What each role sees in the navigation, in this order; the first allowed item is the role's home. The server checks every call again. */
export const NAVIGATION: readonly NavigationItem[] = [
  {
    route: 'inbox',
    path: '/inbox',
    label: 'nav.inbox',
    icon: Finished,
    roles: ['district-admin', 'dispatcher', 'worker', 'callcenter', 'provider'],
  },
  {
    route: 'start',
    path: '/start',
    label: 'nav.start',
    icon: DocumentAdd,
    roles: ['district-admin', 'dispatcher', 'worker', 'callcenter', 'provider', 'designer'],
  },
  {
    route: 'instances',
    path: '/instances',
    label: 'nav.instances',
    icon: List,
    roles: ['district-admin', 'dispatcher', 'callcenter', 'designer', 'auditor'],
  },
  { route: 'alerts', path: '/alerts', label: 'nav.alerts', icon: Bell, roles: ['district-admin', 'dispatcher', 'worker', 'callcenter'] },
  { route: 'devices', path: '/devices', label: 'nav.devices', icon: Connection, roles: ['integrator', 'district-admin'] },
  { route: 'accounts', path: '/accounts', label: 'nav.accounts', icon: User, roles: ['district-admin'] },
  { route: 'audit', path: '/audit', label: 'nav.audit', icon: Document, roles: ['auditor'] },
];

export const ALERT_ROLES: readonly Role[] = ['district-admin', 'dispatcher', 'worker', 'callcenter'];

/** The items that any of the roles may see. */
export function navigationFor(roles: readonly Role[]): NavigationItem[] {
  return NAVIGATION.filter((item) => item.roles.some((role) => roles.includes(role)));
}

/** Where a role begins its day. */
export function homeOf(roles: readonly Role[]): string {
  return navigationFor(roles)[0]?.path ?? '/settings';
}

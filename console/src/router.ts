import { watchEffect } from 'vue';
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { i18n } from './i18n/i18n.ts';
import { homeOf, navigationFor } from './session/navigation.ts';
import { account, loadSession, whenSessionExpires } from './session/session.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** Message key of the page's name, for the tab of the browser. */
    title: string;
    isPublic?: boolean;
    /** The navigation item that must be allowed; pages without one are open to everybody signed in. */
    navigation?: string;
  }
}

const routes: RouteRecordRaw[] = [
  // Never shown: the guard below sends everybody to the home of their role.
  { path: '/', name: 'home', component: () => import('./features/login/MissingPage.vue'), meta: { title: 'nav.inbox' } },
  {
    path: '/login',
    name: 'login',
    component: () => import('./features/login/LoginPage.vue'),
    meta: { title: 'login.title', isPublic: true },
  },
  {
    path: '/setup',
    name: 'setup',
    component: () => import('./features/setup/SetupPage.vue'),
    meta: { title: 'setup.title', isPublic: true },
  },
  { path: '/inbox/:taskId?', name: 'inbox', component: () => import('./features/inbox/InboxPage.vue'), meta: { title: 'nav.inbox' } },
  {
    path: '/start',
    name: 'start',
    component: () => import('./features/start/StartPage.vue'),
    meta: { title: 'nav.start', navigation: 'start' },
  },
  {
    path: '/start/:key',
    name: 'startForm',
    component: () => import('./features/start/StartFormPage.vue'),
    meta: { title: 'nav.start', navigation: 'start' },
  },
  {
    path: '/instances',
    name: 'instances',
    component: () => import('./features/instances/InstancesPage.vue'),
    meta: { title: 'nav.instances', navigation: 'instances' },
  },
  {
    path: '/instances/:id',
    name: 'instance',
    component: () => import('./features/instance/InstancePage.vue'),
    meta: { title: 'instance.title' },
  },
  {
    path: '/alerts',
    name: 'alerts',
    component: () => import('./features/alerts/AlertsPage.vue'),
    meta: { title: 'nav.alerts', navigation: 'alerts' },
  },
  {
    path: '/devices',
    name: 'devices',
    component: () => import('./features/devices/DevicesPage.vue'),
    meta: { title: 'nav.devices', navigation: 'devices' },
  },
  {
    path: '/accounts',
    name: 'accounts',
    component: () => import('./features/accounts/AccountsPage.vue'),
    meta: { title: 'nav.accounts', navigation: 'accounts' },
  },
  {
    path: '/audit',
    name: 'audit',
    component: () => import('./features/audit/AuditPage.vue'),
    meta: { title: 'nav.audit', navigation: 'audit' },
  },
  { path: '/settings', name: 'settings', component: () => import('./features/settings/SettingsPage.vue'), meta: { title: 'nav.settings' } },
  { path: '/:rest(.*)*', name: 'missing', component: () => import('./features/login/MissingPage.vue'), meta: { title: 'missing.title' } },
];

export const router = createRouter({ history: createWebHistory(), routes, scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 } });

router.beforeEach(async (to) => {
  await loadSession();
  if (account.value === null) return to.meta.isPublic ? true : { name: 'login', query: to.name === 'home' ? {} : { to: to.fullPath } };
  if (to.name === 'login' || to.name === 'setup' || to.name === 'home') return homeOf(account.value.roles);
  const { navigation } = to.meta;
  if (navigation && !navigationFor(account.value.roles).some((item) => item.route === navigation)) return homeOf(account.value.roles);
  return true;
});

watchEffect(() => {
  const { title } = router.currentRoute.value.meta;
  document.title = title ? `${i18n.global.t(title)} · ${i18n.global.t('product.name')}` : i18n.global.t('product.name');
});

whenSessionExpires(() => {
  const from = router.currentRoute.value;
  if (!from.meta.isPublic) void router.push({ name: 'login', query: { to: from.fullPath, expired: '1' } });
});

import type { Role } from '#engine/identity/principal.ts';

/** All with the demo password; shown on the login page. */
export interface DemoAccount {
  username: string;
  name: string;
  tenant: string;
  tenantName: string;
  roles: Role[];
  groups: string[];
  areas: string[];
  demo: true;
}

export const DEMO_PASSWORD = 'songbai-demo';

const HEXI = { tenant: '120103', tenantName: '河西区' };
const NANKAI = { tenant: '120104', tenantName: '南开区' };
const TIANTA = '120103/120103008';

const account = (district: typeof HEXI, username: string, name: string, role: Role, area: string, groups: string[] = []): DemoAccount => ({
  ...district,
  username,
  name,
  roles: [role],
  groups,
  areas: [area],
  demo: true,
});

/** One account per role in the Hexi district, and two in a second district, so that separation can be tried. */
export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  account(HEXI, 'admin', '何志远', 'district-admin', '120103'),
  account(HEXI, 'designer', '沈一鸣', 'designer', '120103'),
  account(HEXI, 'dispatcher', '宋丽华', 'dispatcher', TIANTA),
  account(HEXI, 'worker', '王建军', 'worker', TIANTA),
  account(HEXI, 'callcenter', '林晓彤', 'callcenter', '120103'),
  account(HEXI, 'integrator', '罗浩', 'integrator', '120103'),
  account(HEXI, 'auditor', '郑国安', 'auditor', '120103'),
  account(HEXI, 'provider', '韩雪梅', 'provider', '120103', ['provider-001']),
  account(NANKAI, 'admin2', '冯敬之', 'district-admin', '120104'),
  account(NANKAI, 'worker2', '许文娟', 'worker', '120104/120104006'),
];

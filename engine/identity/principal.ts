/** Who a request speaks for, after authentication. There is no "null = system": internal work passes an `Actor` of kind `engine`. */
export interface Principal {
  kind: 'user' | 'client' | 'anonymous';
  /** Account or client name; `anonymous` otherwise. */
  id: string;
  /** Display name. */
  name: string;
  tenant: string;
  roles: Role[];
  /** Candidate groups: the role names plus e.g. `provider-001`. */
  groups: string[];
  /** Area path prefixes the caller may see, e.g. `120103/120103008`. */
  areas: string[];
  /** Scopes of an API client, e.g. `engine-rest`, `device-events`. */
  scopes: string[];
  locale: 'zh-CN' | 'en';
}

export const ROLES = ['district-admin', 'designer', 'dispatcher', 'worker', 'callcenter', 'integrator', 'auditor', 'provider'] as const;
export type Role = (typeof ROLES)[number];

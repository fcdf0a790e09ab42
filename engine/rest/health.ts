import type { AppSettings } from './app-context.ts';
import type { Reply } from './route.ts';

/** `/healthz`: the process answers. `/readyz`: it may get traffic. Both say nothing that an outsider could use. */
export function createHealth(settings: AppSettings): (path: string) => Reply | null {
  return (path) => {
    if (path === '/healthz') return { body: { status: 'up' } };
    if (path !== '/readyz') return null;
    return settings.isReady() ? { body: { status: 'ready' } } : { status: 503, body: { status: 'starting' } };
  };
}

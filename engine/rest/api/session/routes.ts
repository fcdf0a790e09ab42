import type { Context } from 'koa';
import { notAllowed, notAuthenticated } from '#engine/errors.ts';
import type { Session } from '#engine/identity/sessions.ts';
import type { RequestState } from '#engine/rest/dispatch.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { sessionToken } from '#engine/rest/middleware/authenticate.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { sessionCookie } from './cookie.ts';
import { presentAccount, presentDemoAccount } from './presenter.ts';
import { credentials, localeChoice, type Credentials, type LocaleChoice } from './schema.ts';

/** Signing in and out with a cookie session. */
export function sessionRoutes({ identity, settings, areaNames }: RouteContext): Route[] {
  const cookie = sessionCookie(settings.publicUrl);

  async function presented(session: Session) {
    const names = await areaNames(session.principal.tenant);
    return { account: presentAccount(session.principal, names), csrfToken: session.csrfToken };
  }

  /** @throws RequestError 401 for API clients: they have no session. */
  function own(koa: Context): Session {
    const { session } = koa.state as RequestState;
    if (!session) throw notAuthenticated();
    return session;
  }

  return [
    route<Credentials>({
      id: 'api.session.create',
      method: 'POST',
      path: '/api/session',
      summary: 'Sign in. A new session id every time.',
      body: credentials,
      bodyLimit: 4096,
      secretBody: true,
      async handler({ body, koa }) {
        const before = sessionToken(koa.req.headers.cookie);
        const { token } = await identity.login(body.username, body.password, koa.ip);
        const old = before ? await identity.sessions.find(before) : null;
        if (old) await identity.sessions.close(old.tokenHash);
        const session = await identity.sessions.find(token);
        if (!session) throw notAuthenticated();
        return { body: await presented(session), headers: { 'set-cookie': cookie(token) }, auditAs: session.principal };
      },
    }),
    route({
      id: 'api.session.get',
      method: 'GET',
      path: '/api/session',
      summary: 'Who is signed in.',
      handler: async ({ koa }) => ({ body: await presented(own(koa)) }),
    }),
    route({
      id: 'api.session.delete',
      method: 'DELETE',
      path: '/api/session',
      summary: 'Sign out.',
      async handler({ koa }) {
        await identity.sessions.close(own(koa).tokenHash);
        return { headers: { 'set-cookie': cookie('', '; Max-Age=0') } };
      },
    }),
    route<LocaleChoice>({
      id: 'api.session.locale',
      method: 'PUT',
      path: '/api/session/locale',
      summary: 'The language of the signed-in person.',
      body: localeChoice,
      async handler({ body, principal }) {
        if (principal.kind !== 'user') throw notAllowed('Expected a person, but the caller is a program');
        await identity.setLocale(principal, body.locale);
        return {};
      },
    }),
    route({
      id: 'api.demo-accounts.list',
      method: 'GET',
      path: '/api/demo-accounts',
      summary: 'The accounts of the demo with their password; empty in production.',
      async handler() {
        const { demoPassword } = settings;
        if (demoPassword === null) return { body: [] };
        return { body: (await identity.demoAccounts()).map((account) => presentDemoAccount(account, demoPassword)) };
      },
    }),
  ];
}

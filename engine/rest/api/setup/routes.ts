import { accountProblems, isName, type FieldProblem } from '#engine/identity/account-rules.ts';
import { InvariantError } from '#engine/errors.ts';
import { refuseFields } from '#engine/rest/messages/field-errors.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { sessionCookie } from '../session/cookie.ts';
import { presentAccount } from '../session/presenter.ts';
import { setupBody, type SetupBody } from './schema.ts';

/** The first administrator comes in by the link from the terminal. For everybody else, and afterwards, there is no such address. */
export function setupRoutes({ identity, settings, areaNames }: RouteContext): Route[] {
  const cookie = sessionCookie(settings.publicUrl);
  return [
    route<SetupBody>({
      id: 'api.setup.create',
      method: 'POST',
      path: '/api/setup',
      summary: 'First run only: makes the district and its administrator with the one-time token of the terminal, and signs in.',
      body: setupBody,
      bodyLimit: 8192,
      secretBody: true,
      async handler({ body, koa, locale }) {
        await identity.setup.check(body.token, koa.ip);
        refuseFields([...districtProblems(body.district), ...accountProblems(body.account, '/account')], locale);
        const { token } = await identity.setup.complete({ ...body, locale }, koa.ip);
        const session = await identity.sessions.find(token);
        if (!session) throw new InvariantError('Expected the session that was just opened, but there is none');
        areaNames.forget();
        const account = presentAccount(session.principal, await areaNames(session.principal.tenant));
        return {
          status: 201,
          body: { account, csrfToken: session.csrfToken },
          headers: { 'set-cookie': cookie(token) },
          audit: `district ${body.district.code}`,
          auditAs: session.principal,
        };
      },
    }),
  ];
}

function districtProblems({ code, name }: SetupBody['district']): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!/^[1-9][0-9]{5}$/.test(code)) problems.push({ pointer: '/district/code', keyword: 'districtCode' });
  if (!isName(name)) problems.push({ pointer: '/district/name', keyword: 'name' });
  return problems;
}

import { conflict, notAuthenticated, notFound } from '#engine/errors.ts';
import { accountProblems, type FieldProblem } from '#engine/identity/account-rules.ts';
import { ROLES, type Principal } from '#engine/identity/principal.ts';
import { scopeOf } from '#engine/identity/scope.ts';
import type { RequestState } from '#engine/rest/dispatch.ts';
import { refuseFields } from '#engine/rest/messages/field-errors.ts';
import type { RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { areasBelow } from '#engine/store/area-store.ts';
import { presentManagedAccount } from './presenter.ts';
import { accountBody, type AccountBody } from './schema.ts';

const GROUP = /^[a-z][a-z0-9-]{1,63}$/;

/** The accounts of a district, for its administrators. Nobody gives more than they have: areas lie within the caller's own. */
export function accountRoutes({ identity, store, areaNames }: RouteContext): Route[] {
  async function managed(principal: Principal, username: string) {
    const account = (await identity.accountsIn(scopeOf(principal))).find((row) => row.username === username);
    if (!account) throw notFound('account', username);
    return account;
  }

  async function scopeProblems(principal: Principal, { roles, groups = [], areas }: AccountBody): Promise<FieldProblem[]> {
    const known = new Set((await store.query(areasBelow(scopeOf(principal)))).map(({ path }) => path));
    const problems: FieldProblem[] = [];
    if (roles.length === 0) problems.push({ pointer: '/roles', keyword: 'roles' });
    if (groups.some((group) => !GROUP.test(group) || (ROLES as readonly string[]).includes(group)))
      problems.push({ pointer: '/groups', keyword: 'groups' });
    if (areas.length === 0 || !areas.every((path) => known.has(path))) problems.push({ pointer: '/areas', keyword: 'areas' });
    return problems;
  }

  return [
    route({
      id: 'api.account.list',
      method: 'GET',
      path: '/api/accounts',
      summary: 'The accounts that stand within the areas of the caller, by user name.',
      async handler({ principal }) {
        const areaName = await areaNames(principal.tenant);
        const accounts = await identity.accountsIn(scopeOf(principal));
        return { body: { items: accounts.map((account) => presentManagedAccount(account, areaName)) } };
      },
    }),
    route<AccountBody>({
      id: 'api.account.create',
      method: 'POST',
      path: '/api/accounts',
      summary: 'A new account in the district of the caller, with areas within those of the caller.',
      body: accountBody,
      bodyLimit: 16_384,
      secretBody: true,
      async handler({ body, principal, koa, locale }) {
        const { session } = koa.state as RequestState;
        if (!session) throw notAuthenticated();
        refuseFields([...accountProblems(body), ...(await scopeProblems(principal, body))], locale);
        const { tenant, tenantName } = session.principal;
        await identity.createAccount({ ...body, tenant, tenantName });
        const areaName = await areaNames(tenant);
        return {
          status: 201,
          body: presentManagedAccount(await managed(principal, body.username), areaName),
          audit: `account ${body.username}`,
        };
      },
    }),
    route({
      id: 'api.account.disable',
      method: 'POST',
      path: '/api/accounts/:username/disable',
      summary: 'Ends an account and its sessions; nobody ends their own.',
      async handler({ principal, params }) {
        const { username } = await managed(principal, params['username'] ?? '');
        if (username === principal.id) throw conflict('ACCOUNT_IS_YOURS', 'Expected the account of somebody else, but it is your own');
        await identity.disable(username);
        return { audit: `account ${username}` };
      },
    }),
  ];
}

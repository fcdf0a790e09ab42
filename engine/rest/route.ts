import type { Context } from 'koa';
import type { Principal } from '#engine/identity/principal.ts';

/**
 * One route = one value. Middleware order is the same for all: authenticate → csrf → authorize(policy row of `id`) →
 * validate(params, query, body by ajv) → handler; errors become Camunda's form under /engine-rest, problem details under /api.
 * A route whose `id` has no row in `identity/policies.ts` fails the tests and is never served.
 */
export interface Route<Body = unknown, Query = Record<string, string | undefined>> {
  /** e.g. `task.complete`; the key into the policy table. */
  id: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** find-my-way pattern, e.g. `/engine-rest/task/:id/complete`. */
  path: string;
  summary: string;
  /** JSON Schemas (2020-12). A missing body schema = a body is not read. */
  query?: object;
  body?: object;
  /** `multipart` routes read their own stream; limits in bytes, default 1 MiB. */
  bodyKind?: 'json' | 'multipart';
  bodyLimit?: number;
  /** State-changing by method, but leaves nothing behind (polls, searches by POST): no audit row. */
  audited?: false;
  /** The body holds a password: the audit row does not even keep its hash. */
  secretBody?: true;
  /** Where Camunda answers a status family of ours with another one, e.g. `{ 404: 500 }` for `POST /task/{id}/claim`. */
  camundaStatus?: Readonly<Record<number, number>>;
  handler(request: Request<Body, Query>): Promise<Reply> | Reply;
}

export interface Request<Body = unknown, Query = Record<string, string | undefined>> {
  principal: Principal;
  params: Record<string, string>;
  query: Query;
  body: Body;
  locale: 'zh-CN' | 'en';
  /** For streams, files, multipart and headers. */
  koa: Context;
}

export interface Reply {
  status?: number;
  /** JSON unless `type` says otherwise; undefined = 204. */
  body?: unknown;
  type?: string;
  headers?: Record<string, string>;
  /** The handler answered on `koa.res` itself (streams). */
  handled?: true;
  /** What the audit log says of a success, e.g. the id of what was created. Never personal data. */
  audit?: string;
  /** Whom the audit log names when the request itself came from nobody: a sign-in. */
  auditAs?: Principal;
}

/** Keeps the types of body and query inside the route, and lets routes of all kinds live in one list. */
export function route<Body = unknown, Query = Record<string, string | undefined>>(definition: Route<Body, Query>): Route {
  return definition as unknown as Route;
}

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
}

import type { EvaluationContext } from '#engine/core/ports.ts';

/** What expressions may ask of the world; everything is given, so that a replay computes the same. */
export interface ExpressionEnvironment {
  /** The command's time in UTC epoch ms: `now()` and `today()` answer it. */
  now(): number;
  /** ISO 8601 duration of a step of a service level class in a district; undefined when there is none. */
  sla(tenant: string, slaClass: string, step: string): string | undefined;
  /** For cron, calendar months and dates without offset. Default `Asia/Shanghai`. */
  timeZone?: string;
}

/** One evaluation: the variables and the environment. */
export interface ExpressionScope {
  context: EvaluationContext;
  environment: ExpressionEnvironment;
}

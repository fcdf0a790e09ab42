import { durationMs } from '#engine/expressions/iso-duration.ts';
import type { Compilation } from './compilation.ts';
import { extensions, one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** Camunda's default of 3 tries is raised by the cycle; more tries than this only hide a failure. */
const maxRetries = 100;

/**
 * `camunda:failedJobRetryTimeCycle` as waits in ms before retry 1, 2, …: `R5/PT5M` is five tries, so four waits;
 * a list `PT1M,PT5M` gives each wait.
 * @see https://docs.camunda.org/manual/7.24/user-guide/process-engine/the-job-executor/#retry-time-cycle-configuration
 */
export function retryWaits(node: ModdleElement, compilation: Compilation): number[] | undefined {
  const loop = one(node, 'loopCharacteristics');
  const cycle = extensions(node, 'camunda:FailedJobRetryTimeCycle')[0] ?? (loop && extensions(loop, 'camunda:FailedJobRetryTimeCycle')[0]);
  const source = cycle && text(cycle, 'body');
  if (source === undefined) return undefined;
  const waits = parseCycle(source);
  if (!waits) compilation.report(node.id as string, 'RETRY_CYCLE_INVALID', { value: source });
  return waits ?? undefined;
}

function parseCycle(source: string): number[] | null {
  const repeat = /^R(\d{1,3})\/(.+)$/.exec(source);
  if (repeat) {
    const tries = Number(repeat[1]);
    const wait = durationMs(repeat[2] as string);
    return wait === null || tries < 1 || tries > maxRetries ? null : Array.from({ length: tries - 1 }, () => wait);
  }
  const waits = source.split(',').map((part) => durationMs(part.trim()));
  return waits.length <= maxRetries && waits.every((wait) => wait !== null) ? waits : null;
}

/** A deliberate fault: one text of one engine file, replaced while it is loaded. */
export interface EngineFault {
  name: string;
  /** Path in the repository. */
  file: string;
  from: string;
  to: string;
}

const core = (name: string, file: string, from: string, to: string): EngineFault => ({ name, file: `engine/core/${file}`, from, to });

/** Each has to be found by the random processes within 300 runs; whoever changes a text of the engine moves its fault along. */
export const engineFaults: readonly EngineFault[] = [
  core(
    'a parallel join fires early',
    'behaviors/join.ts',
    'if (flowsWithTokens(state, gateway, scope) < gateway.incoming.length) return null;',
    '',
  ),
  core(
    'an inclusive join does not wait',
    'behaviors/decide-joins.ts',
    'synchronizes && ![...live].some((element) => isExpected(join, element))',
    'synchronizes',
  ),
  core('an exclusive gateway takes every open flow', 'behaviors/take-flow.ts', 'if (isExclusive) return [flow];', ''),
  core(
    'a boundary event is lost',
    'behaviors/boundary-events.ts',
    'of host.element.boundaryEvents)',
    'of host.element.boundaryEvents.slice(1))',
  ),
  core('an interrupting event leaves its host', 'behaviors/boundary-events.ts', 'if (interrupts(element)) cancelElement(catcher);', ''),
  core('a timer can run twice', 'commands/execute-job.ts', 'else executed(run, state, job);', ''),
  core('the losers of a race go on waiting', 'behaviors/catch-event.ts', 'closeOwned(catcher);', ''),
  core(
    'a non-interrupting event happens only once',
    'receive-event.ts',
    'if (!staysOpen(element) || isParallelMultiple(element))',
    'if (element.index >= 0)',
  ),
  core('a terminate event leaves the others', 'events/throw-terminate.ts', 'cancelChildren({ run, state, instance: scopeOf(token) });', ''),
  core(
    'an error or escalation is caught whatever its code',
    'behaviors/find-catcher.ts',
    'evaluateText(at.run, each.code, contextAt(at, catcher)) === code',
    'evaluateText(at.run, each.code, contextAt(at, catcher)) !== null',
  ),
  core(
    'compensation runs in forward order',
    'behaviors/compensate.ts',
    'state.compensations.findLast(isClaimed)',
    'state.compensations.find(isClaimed)',
  ),
  core(
    'a loop ends one item early',
    'behaviors/multi-instance.ts',
    'completed + (loop.skipped ?? 0) === loop.total',
    'completed + 1 >= loop.total',
  ),
  core(
    'a completion condition is not looked at',
    'behaviors/multi-instance.ts',
    'completionCondition !== undefined && isTrue(',
    'element.index < 0 && completionCondition !== undefined && isTrue(',
  ),
  core(
    'an ended process does not tell its caller',
    'behaviors/scopes.ts',
    "run.agenda.push({ kind: 'childCompleted', token: tokenOf(run, caller,",
    "[].push({ kind: 'childCompleted', token: tokenOf(run, caller,",
  ),
  {
    name: 'tokens at joins are not stored',
    file: 'engine/store/state-codec.ts',
    from: 'if (state.arrivals.length > 0) encoded.a = state.arrivals;',
    to: '',
  },
  {
    name: 'closed subscriptions keep their rows',
    file: 'engine/store/project-events.ts',
    from: "SubscriptionClosed: (projection, { subscription }) => remove(projection, 'subscription', subscription),",
    to: '',
  },
];

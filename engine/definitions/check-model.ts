import { bpmnFile, problemOf } from './bpmn-file.ts';
import type { Check } from './bpmn-file.ts';
import { checkActivities } from './check-activities.ts';
import { checkBoundaryEvents } from './check-boundary-events.ts';
import { checkCalls } from './check-calls.ts';
import { checkCatchEvents } from './check-catch-events.ts';
import { checkCollaborations } from './check-collaborations.ts';
import { checkDataSets } from './check-data-sets.ts';
import { checkDataTypes } from './check-data-types.ts';
import { checkEventGateways } from './check-event-gateways.ts';
import { checkEventPositions } from './check-event-positions.ts';
import { checkEvents } from './check-events.ts';
import { checkExpressionTypes } from './check-expression-types.ts';
import { checkFlows } from './check-flows.ts';
import { checkGateways } from './check-gateways.ts';
import { checkJoins } from './check-joins.ts';
import { checkLevels } from './check-levels.ts';
import { checkLinks } from './check-links.ts';
import { checkReachability } from './check-reachability.ts';
import type { ModdleElement } from './moddle-element.ts';
import type { Problem } from './problem.ts';

const checks: readonly Check[] = [
  checkFlows,
  checkLevels,
  checkReachability,
  checkGateways,
  checkJoins,
  checkEventGateways,
  checkEventPositions,
  checkEvents,
  checkBoundaryEvents,
  checkCatchEvents,
  checkLinks,
  checkActivities,
  checkCalls,
  checkExpressionTypes,
  checkCollaborations,
  checkDataSets,
  checkDataTypes,
];

/**
 * BPMN's rules for everything that a file may hold, whether the engine runs it or not: docs/bpmn-checks.md is the list.
 * Processes that are only drawn get warnings; the parts that run are checked further while they are compiled.
 */
export function checkModel(definitions: ModdleElement, imported: readonly ModdleElement[] = []): Problem[] {
  const problems: Problem[] = [];
  const file = bpmnFile(definitions, imported);
  for (const check of checks) check(file, (element, code, values) => void problems.push(problemOf(element, code, values)));
  return problems;
}

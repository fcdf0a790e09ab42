import type { InstructionReport } from '#engine/core/migration/check-plan.ts';
import type { MigrationPlan, MigrationProblem } from '#engine/core/migration/plan.ts';
import { invalidInput, RequestError } from '#engine/errors.ts';
import { type Locale, messageText } from '#engine/rest/messages/message-text.ts';
import type { MigrationOutcome } from '#engine/services/migration.ts';
import { presentInstruction } from './read-plan.ts';

export const problemText = (locale: Locale, { code, params }: MigrationProblem): string =>
  messageText(locale, `migration.${code}`, params) ?? code;

/** Camunda's MigrationPlanReportDto. */
export function presentReport(reports: readonly InstructionReport[], locale: Locale) {
  return {
    instructionReports: reports.map(({ instruction, problems }) => ({
      instruction: presentInstruction(instruction),
      failures: problems.map((problem) => problemText(locale, problem)),
    })),
    variableReports: {},
  };
}

/** @throws RequestError 400 `MIGRATION_PLAN_INVALID`, with `problems` and Camunda's report */
export function refuseInvalidPlan(reports: readonly InstructionReport[], locale: Locale): void {
  const [first] = reports;
  if (!first) return;
  const problems = reports.flatMap(({ instruction, problems: found }) =>
    found.map((problem) => ({ ...instruction, code: problem.code, message: problemText(locale, problem) })),
  );
  throw invalidInput('MIGRATION_PLAN_INVALID', `Migration plan is not valid: ${first.instruction.source}: ${problems[0]?.message}`, {
    problems,
    validationReport: presentReport(reports, locale),
  });
}

/**
 * Camunda migrates all or none; so nothing is begun when one of the instances cannot be migrated.
 * @throws RequestError 400 `MIGRATION_REFUSED`, with Camunda's report of the first instance; or what it fails with
 */
export function refuseFailed(outcomes: readonly MigrationOutcome[], plan: MigrationPlan, locale: Locale): void {
  const failed = outcomes.find(({ effects }) => effects === null);
  if (!failed) return;
  const { instanceId, problems, failure } = failed;
  if (failure)
    throw new RequestError(failure.code === 'NOT_FOUND' ? 404 : 500, failure.code, failure.message, {
      problem: String(instanceId),
      what: 'process instance',
      id: String(instanceId),
    });
  const [first] = problems;
  throw invalidInput('MIGRATION_REFUSED', `Cannot migrate process instance '${instanceId}': ${first ? problemText(locale, first) : ''}`, {
    problems: problems.map((problem) => ({
      instanceId: String(instanceId),
      elementId: problem.activity,
      code: problem.code,
      message: problemText(locale, problem),
    })),
    validationReport: instanceReport(failed, plan, locale),
  });
}

/** Camunda's MigratingProcessInstanceValidationReportDto. */
function instanceReport({ instanceId, problems }: MigrationOutcome, { instructions }: MigrationPlan, locale: Locale) {
  const own = problems.filter(
    ({ elementInstance }) =>
      elementInstance === instanceId && !problems.some((other) => other.isTransition && other.elementInstance === instanceId),
  );
  const reportsOf = (isTransition: boolean, id: string) =>
    [
      ...Map.groupBy(
        problems.filter((each) => !own.includes(each) && each.isTransition === isTransition),
        ({ elementInstance, activity }) => `${elementInstance} ${activity}`,
      ).values(),
    ].map((group) => {
      const { elementInstance, activity } = group[0]!;
      const instruction = instructions.find(({ source }) => source === activity);
      return {
        [id]: String(elementInstance),
        sourceScopeId: activity,
        migrationInstruction: instruction ? presentInstruction(instruction) : null,
        failures: group.map((problem) => problemText(locale, problem)),
      };
    });
  return {
    processInstanceId: String(instanceId),
    failures: own.map((problem) => problemText(locale, problem)),
    activityInstanceValidationReports: reportsOf(false, 'activityInstanceId'),
    transitionInstanceValidationReports: reportsOf(true, 'transitionInstanceId'),
  };
}

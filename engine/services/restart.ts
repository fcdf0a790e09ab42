import { startInstance } from '#engine/core/commands/start-instance.ts';
import type { StartInstruction } from '#engine/core/modification/instructions.ts';
import type { Variables } from '#engine/core/values.ts';
import { invalidInput, notFound } from '#engine/errors.ts';
import { endedInstance } from '#engine/store/ended-instances.ts';
import { eventsOf, finalVariables } from '#engine/store/read-models/instance-history.ts';
import type { Work, Writes } from '#engine/store/unit-of-work.ts';
import type { BatchTask } from './batch-handlers.ts';
import type { ServiceContext } from './context.ts';
import { runCommand } from './run-command.ts';

export interface RestartConfiguration {
  definitionId: number;
  instructions: StartInstruction[];
  /** The variables that the instance began with, instead of those it ended with. */
  initialVariables: boolean;
  withoutBusinessKey: boolean;
  skipListeners: boolean;
  skipIoMappings: boolean;
}

/**
 * Begins a new instance as a copy of one that has ended. @throws RequestError 404 `NOT_FOUND`, 400 `RESTART_OTHER_DEFINITION`
 * @see https://docs.camunda.org/manual/7.24/user-guide/process-engine/process-instance-restart/
 */
export function* restart(context: ServiceContext, writes: Writes, { item, configuration, tenant, areas, actor }: BatchTask<RestartConfiguration>): Work<void> {
  const { definitionId, instructions, initialVariables, withoutBusinessKey, skipListeners, skipIoMappings } = configuration;
  const ended = yield* endedInstance(item);
  if (!ended || ended.tenant !== tenant || !areas.some((area) => ended.area === area || ended.area.startsWith(`${area}/`)))
    throw notFound('ended process instance', item);
  if (ended.definitionId !== definitionId)
    throw invalidInput('RESTART_OTHER_DEFINITION', `Expected instance ${item} to be one of definition ${definitionId}, but it is of ${ended.definitionId}`);
  const variables = initialVariables ? yield* firstVariables(item) : yield* finalVariables(item);
  yield* context.definitions.byId(definitionId);
  yield* runCommand(context, writes, {
    load: null,
    command: (root, ports, by) =>
      startInstance(
        {
          definitionId,
          businessKey: withoutBusinessKey ? null : ended.businessKey,
          variables: variables ?? {},
          tenant,
          area: ended.area,
          instructions,
          skipListeners,
          skipIoMappings,
        },
        root,
        ports,
        by,
      ),
    actor,
    operation: 'restart',
  });
}

/** What was set before the first element began. */
function* firstVariables(instanceId: number): Work<Variables> {
  const [first] = yield* eventsOf(instanceId, { limit: 1 });
  const variables: Variables = {};
  for (const event of first?.events ?? []) {
    if (event.instance === instanceId && event.type === 'ElementActivated') break;
    if (event.type === 'VariableSet' && event.scope === instanceId) variables[event.name] = event.value;
  }
  return variables;
}

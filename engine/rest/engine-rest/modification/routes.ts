import { invalidInput } from '#engine/errors.ts';
import type { Principal } from '#engine/identity/principal.ts';
import { actorOf, type RouteContext } from '#engine/rest/route-context.ts';
import { route, type Route } from '#engine/rest/route.ts';
import { batchOf } from '../batch-of.ts';
import { selectedInstances, selectionProperties, type WireSelection } from '../instance-selection.ts';
import { idOf } from '../wire-format.ts';
import { modificationBody, toModification, type ModificationBody } from './instructions.ts';

type Body = ModificationBody & WireSelection & { processDefinitionId: string };

const body = {
  ...modificationBody,
  required: ['processDefinitionId', 'instructions'],
  properties: { ...modificationBody.properties, ...selectionProperties, processDefinitionId: { type: 'string', maxLength: 20 } },
};

/** The same modification for many instances of one definition. */
export function modificationRoutes(context: RouteContext): Route[] {
  /** @throws RequestError 400 when one is of another definition */
  async function selected(principal: Principal, input: Body): Promise<number[]> {
    const items = await selectedInstances(context, principal, input);
    const definitionId = idOf(input.processDefinitionId, 'process definition');
    const of = new Set(await selectedInstances(context, principal, { processInstanceQuery: { processDefinitionId: String(definitionId) } }).catch(() => []));
    const other = items.find((id) => !of.has(id));
    if (other === undefined) return items;
    throw invalidInput('QUERY_INVALID', `Expected running instances of process definition ${definitionId}, but ${other} is none`, { problem: 'processInstanceIds' });
  }

  return [
    route<Body>({
      id: 'modification.execute',
      method: 'POST',
      path: '/engine-rest/modification/execute',
      summary: 'Modify many instances of one definition now, one after the other.',
      body,
      async handler({ principal, body: input }) {
        const modification = toModification(input);
        for (const instanceId of await selected(principal, input)) await context.engine.runtime.modify({ instanceId, ...modification }, actorOf(principal));
        return {};
      },
    }),
    route<Body>({
      id: 'modification.execute-async',
      method: 'POST',
      path: '/engine-rest/modification/executeAsync',
      summary: 'The same as a batch.',
      body,
      async handler({ principal, body: input }) {
        const configuration = toModification(input);
        return batchOf(context, principal, { type: 'instance-modification', items: await selected(principal, input), configuration });
      },
    }),
  ];
}

import type { Expression } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import { expressionOf, splitList } from './expression-source.ts';
import { many, one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** What BPMN's own elements say of who does a task, and of who may start a process. */
export interface HumanResources {
  assignee?: Expression;
  users: Expression[];
  groups: Expression[];
}

/**
 * `bpmn:humanPerformer` is the assignee, `bpmn:potentialOwner` names candidates: `user(a), group(b), c`, a bare name is a group.
 * @see https://docs.camunda.org/manual/7.24/reference/bpmn20/tasks/user-task/#user-assignment-using-bpmn-resource-assignments
 */
export function humanResources(node: ModdleElement, compilation: Compilation): HumanResources {
  const resources = many(node, 'resources');
  const performers = resources.filter(({ $type }) => $type === 'bpmn:HumanPerformer');
  if (performers.length > 1) compilation.report(node.id as string, 'UNSUPPORTED_ATTRIBUTE', { name: 'humanPerformer' });
  const assignee = performers[0] && sourceOf(performers[0]);
  const owners = resources.filter(({ $type }) => $type === 'bpmn:PotentialOwner');
  return { ...(assignee !== undefined && { assignee: expressionOf(assignee) }), ...namesOf(owners) };
}

/** Users and groups of `resourceAssignmentExpression`s. */
export function namesOf(holders: ModdleElement[]): Pick<HumanResources, 'users' | 'groups'> {
  const users: Expression[] = [];
  const groups: Expression[] = [];
  for (const entry of holders.flatMap((holder) => splitList(sourceOf(holder) ?? ''))) {
    const [, kind, name = entry] = /^(user|group)\((.*)\)$/.exec(entry) ?? [];
    (kind === 'user' ? users : groups).push(expressionOf(name.trim()));
  }
  return { users, groups };
}

function sourceOf(holder: ModdleElement): string | undefined {
  const assignment = one(holder, 'resourceAssignmentExpression');
  const expression = assignment && one(assignment, 'expression');
  return expression && text(expression, 'body');
}

import { add, newId, type Scope } from '../draft.ts';

/** An activity with what Camunda lets stand around any: async continuations, mappings, job settings. */
export function addActivity(
  scope: Scope,
  tag: string,
  options: { attributes?: string; inside?: string; extensions?: string; id?: string } = {},
): string {
  const { random } = scope.world;
  const { attributes = '', inside = '', extensions = '', ...rest } = options;
  const flags = [
    random.chance(0.12) ? 'camunda:asyncBefore="true"' : '',
    random.chance(0.12) ? 'camunda:asyncAfter="true"' : '',
    random.chance(0.1) ? 'camunda:exclusive="false"' : '',
    random.chance(0.1) ? `camunda:jobPriority="${random.integer(0, 90)}"` : '',
  ];
  const mapping = random.chance(0.15)
    ? '<camunda:inputOutput><camunda:inputParameter name="local">${1 + 1}</camunda:inputParameter><camunda:outputParameter name="mapped">${local}</camunda:outputParameter></camunda:inputOutput>'
    : '';
  const extended = extensions + mapping === '' ? '' : `<bpmn:extensionElements>${extensions}${mapping}</bpmn:extensionElements>`;
  return add(scope, tag, { ...rest, attributes: `${attributes} ${flags.join(' ')}`, inside: extended + inside });
}

/** A user task that a person completes: also what holds a scope open until something else happens. */
export function addUserTask(scope: Scope): string {
  return addActivity(scope, 'userTask');
}

export function addExternalTask(scope: Scope): string {
  const id = newId(scope.world, 'work');
  return addActivity(scope, 'serviceTask', { id, attributes: `camunda:type="external" camunda:topic="${id}"` });
}

import { add, newId, single, type Block, type Scope } from '../draft.ts';
import { nothing, sequence, step, visits } from '../walk.ts';
import { addActivity, addExternalTask, addUserTask } from './activity.ts';

const passing = (name: string, draw: (scope: Scope) => string): Block => ({
  name,
  draw(scope) {
    const id = draw(scope);
    return single(id, nothing, visits(id));
  },
});

export function namedMessage(scope: Scope): { id: string; name: string } {
  const name = newId(scope.world, 'message');
  scope.world.definitions.push(`<bpmn:message id="${name}_def" name="${name}" />`);
  return { id: `${name}_def`, name };
}

export const tasks: Block[] = [
  passing('task', (scope) => addActivity(scope, 'task')),
  passing('manual task', (scope) => addActivity(scope, 'manualTask')),
  passing('expression service task', (scope) =>
    addActivity(scope, 'serviceTask', {
      attributes: 'camunda:expression="${1 + 2}" camunda:resultVariable="computed"',
    }),
  ),
  passing('script task', (scope) =>
    addActivity(scope, 'scriptTask', {
      attributes: 'scriptFormat="javascript" camunda:resultVariable="scripted"',
      inside: '<bpmn:script>6 * 7</bpmn:script>',
    }),
  ),
  passing('business rule task', (scope) => {
    const key = newId(scope.world, 'decision');
    scope.world.decisions.push({ name: `${key}.dmn`, content: decision(key) });
    return addActivity(scope, 'businessRuleTask', {
      attributes: `camunda:decisionRef="${key}" camunda:mapDecisionResult="singleEntry" camunda:resultVariable="decided"`,
    });
  }),
  passing('none throw event', (scope) => add(scope, 'intermediateThrowEvent')),
  {
    name: 'user task',
    draw(scope) {
      const id = addUserTask(scope);
      return single(id, step({ do: 'complete', at: id }), visits(id));
    },
  },
  {
    name: 'external task',
    draw(scope) {
      const id = addExternalTask(scope);
      const outcome = scope.world.random.chance(0.3) ? 'fail' : 'complete';
      return single(id, step({ do: 'work', at: id, outcome }), visits(id));
    },
  },
  {
    name: 'external send task',
    draw(scope) {
      const id = newId(scope.world, 'send');
      addActivity(scope, 'sendTask', { id, attributes: `camunda:type="external" camunda:topic="${id}"` });
      return single(id, step({ do: 'work', at: id, outcome: 'complete' }), visits(id));
    },
  },
  {
    name: 'external message throw event',
    draw(scope) {
      const id = newId(scope.world, 'throw');
      const { id: message } = namedMessage(scope);
      const inside = `<bpmn:messageEventDefinition messageRef="${message}" camunda:type="external" camunda:topic="${id}" />`;
      add(scope, 'intermediateThrowEvent', { id, inside });
      return single(id, step({ do: 'work', at: id, outcome: 'complete' }), visits(id));
    },
  },
  {
    name: 'receive task',
    isSingle: true,
    draw(scope) {
      const { id: message, name } = namedMessage(scope);
      const id = addActivity(scope, 'receiveTask', { attributes: `messageRef="${message}"` });
      return single(id, sequence(step({ do: 'message', at: id, name })), visits(id));
    },
  },
];

function decision(key: string): string {
  return `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="${key}_file" name="${key}" namespace="test">
    <decision id="${key}" name="${key}"><variable name="result" />
      <decisionTable id="${key}_table" hitPolicy="FIRST"><output id="${key}_out" name="result" typeRef="string" />
        <rule id="${key}_rule"><outputEntry id="${key}_entry"><text>"yes"</text></outputEntry></rule>
      </decisionTable>
    </decision></definitions>`;
}

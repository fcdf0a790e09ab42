import { add, inner, newId, type Block, type Drawn, type Scope } from '../draft.ts';
import { all, beside, item, nothing, sequence, shuffled, step, times, together, visits, type Visits, type Walk } from '../walk.ts';
import { addSubProcess } from './hosts.ts';
import { addCalledProcess } from './hosts.ts';

type Body = 'userTask' | 'subProcess' | 'callActivity' | 'transaction';

interface Loop {
  xml: string;
  /** Items that are completed, and those that a completion condition cancels. */
  completed: number;
  canceled: number;
}

/** Cardinality, collection or completion condition; the condition ends it after the first item. */
function loopOf(scope: Scope, isSequential: boolean, mayEndEarly: boolean): Loop {
  const { random, variables } = scope.world;
  const total = random.integer(1, 3);
  const endsEarly = mayEndEarly && total > 1 && random.chance(0.4);
  const items = newId(scope.world, 'items');
  const isCollection = random.chance(0.5);
  if (isCollection) variables[items] = Array.from({ length: total }, (_, index) => `item-${index}`);
  const what = isCollection ? `camunda:collection="${items}" camunda:elementVariable="item"` : '';
  const cardinality = isCollection ? '' : `<bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">${total}</bpmn:loopCardinality>`;
  const condition = endsEarly
    ? '<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">${nrOfCompletedInstances &gt;= 1}</bpmn:completionCondition>'
    : '';
  const xml = `<bpmn:multiInstanceLoopCharacteristics isSequential="${isSequential}" ${what}>${cardinality}${condition}</bpmn:multiInstanceLoopCharacteristics>`;
  const completed = endsEarly ? 1 : total;
  return { xml, completed, canceled: isSequential ? 0 : total - completed };
}

const bodyId = (id: string) => `${id}#multiInstanceBody`;

function drawLoop(body: Body, isSequential: boolean): (scope: Scope) => Drawn {
  return (scope) => {
    const loop = loopOf(scope, isSequential, body === 'userTask');
    const drawn = drawItem(scope, body, { inside: loop.xml, isCopied: scope.isCopied || !isSequential });
    const indexes = Array.from({ length: loop.completed + loop.canceled }, (_, index) => index);
    const order = isSequential ? indexes : shuffled(scope.world.random, indexes);
    const rounds = order.slice(0, loop.completed).map((index) => item(index, drawn.walk));
    const walk = isSequential
      ? sequence(...rounds)
      : beside(
          order.slice(loop.completed).map(() => drawn.id),
          together(...rounds),
        );
    return {
      entry: drawn.id,
      exit: drawn.id,
      walk,
      visits: all([times(loop.completed, drawn.visits), times(loop.canceled, visits(`${drawn.id}!`)), visits(bodyId(drawn.id))]),
    };
  };
}

function drawItem(scope: Scope, body: Body, options: { inside: string; isCopied: boolean }): { id: string; walk: Walk; visits: Visits } {
  const { inside, isCopied } = options;
  if (body === 'userTask') {
    const id = add(scope, 'userTask', { inside });
    return { id, walk: step({ do: 'complete', at: id }), visits: visits(id) };
  }
  const within = inner(scope, { isCopied, isRepeated: true });
  const content = within.world.draw(within);
  const { id, start, end } =
    body === 'callActivity'
      ? addCalledProcess(scope, within, content, { inside })
      : addSubProcess(scope, within, content, { tag: body, extra: inside });
  return { id, walk: content.walk, visits: all([content.visits, visits(id, start, end)]) };
}

export const loops: Block[] = [
  ...(['userTask', 'subProcess', 'callActivity', 'transaction'] as const).flatMap((body): Block[] => [
    { name: `sequential multi-instance ${body}`, draw: drawLoop(body, true) },
    { name: `parallel multi-instance ${body}`, draw: drawLoop(body, false) },
  ]),
  {
    name: 'empty multi-instance',
    draw(scope) {
      const inside =
        '<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">0</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>';
      const id = add(scope, 'userTask', { inside });
      return { entry: id, exit: id, walk: nothing, visits: visits(bodyId(id)) };
    },
  },
  {
    name: 'standard loop',
    draw(scope) {
      const rounds = scope.world.random.integer(1, 3);
      const inside = `<bpmn:standardLoopCharacteristics testBefore="false" loopMaximum="${rounds}"><bpmn:loopCondition xsi:type="bpmn:tFormalExpression">\${1 == 1}</bpmn:loopCondition></bpmn:standardLoopCharacteristics>`;
      const {
        id,
        walk,
        visits: seen,
      } = drawItem(scope, scope.world.random.pick(['userTask', 'subProcess'] as const), {
        inside,
        isCopied: scope.isCopied,
      });
      return {
        entry: id,
        exit: id,
        walk: sequence(...Array.from({ length: rounds }, (_, index) => item(index, walk))),
        visits: all([times(rounds, seen), visits(bodyId(id))]),
      };
    },
  },
];

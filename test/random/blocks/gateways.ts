import { add, connect, inner, newId, type Block, type Drawn, type Scope } from '../draft.ts';
import { all, beside, openTasks, sequence, shuffled, step, together, visits, type Walk } from '../walk.ts';
import { addUserTask } from './activity.ts';
import { addSubProcess } from './hosts.ts';

const branchesOf = (scope: Scope): Drawn[] => Array.from({ length: scope.world.random.integer(2, 3) }, () => scope.world.draw(scope));

/** A diverging and a converging gateway with blocks between them; `taken` are the branches that get a token. */
function split(
  scope: Scope,
  tag: string,
  branches: Drawn[],
  taken: number[],
  options: { condition?: (index: number) => string; hasDefault?: boolean; joinInside?: string } = {},
): Drawn {
  const { condition, hasDefault = false, joinInside = '' } = options;
  const entry = newId(scope.world, tag);
  const exit = add(scope, tag, { inside: joinInside });
  const flows = branches.map((branch, index) => {
    connect(scope, branch.exit, exit);
    const isDefault = hasDefault && index === branches.length - 1;
    return connect(scope, entry, branch.entry, isDefault ? undefined : condition?.(index));
  });
  add(scope, tag, { id: entry, attributes: hasDefault ? `default="${flows.at(-1)}"` : '' });
  const walked = taken.map((index) => branches[index] as Drawn);
  return {
    entry,
    exit,
    walk: together(...walked.map(({ walk }) => walk)),
    visits: all([visits(entry, exit), ...walked.map((branch) => branch.visits)]),
  };
}

/** Each branch has a flag; `false` everywhere means the default flow. */
function conditional(scope: Scope, tag: string, options: { joinInside?: string } = {}): Drawn {
  const { random, variables } = scope.world;
  const branches = branchesOf(scope);
  const flag = newId(scope.world, 'flag');
  const open = branches.slice(0, -1).map(() => random.chance(0.6));
  open.forEach((isOpen, index) => (variables[`${flag}_${index}`] = isOpen));
  const taken = open.flatMap((isOpen, index) => (isOpen ? [index] : []));
  const condition = (index: number) => `\${${flag}_${index}}`;
  return split(scope, tag, branches, taken.length > 0 ? taken : [branches.length - 1], { condition, hasDefault: true, ...options });
}

/** Two tokens start the gateway behind three tasks; the third only resets it. */
function drawTwoOfThree(scope: Scope): Drawn {
  const within = inner(scope);
  const fork = add(within, 'parallelGateway');
  const condition = '<bpmn:activationCondition xsi:type="bpmn:tFormalExpression">${activationCount &gt;= 2}</bpmn:activationCondition>';
  const join = add(within, 'complexGateway', { inside: condition });
  const racers = [addUserTask(within), addUserTask(within), addUserTask(within)];
  for (const racer of racers) {
    connect(within, fork, racer);
    connect(within, racer, join);
  }
  const after = addUserTask(within);
  connect(within, join, after);
  const { id, start, end } = addSubProcess(scope, within, { entry: fork, exit: after });
  const [first, second, last] = shuffled(scope.world.random, racers).map((at) => step({ do: 'complete', at })) as [Walk, Walk, Walk];
  const walk = sequence(beside(openTasks(last), together(first, second)), together(last, step({ do: 'complete', at: after })));
  return { entry: id, exit: id, walk, visits: visits(start, fork, ...racers, join, join, after, end, id) };
}

export const gateways: Block[] = [
  {
    name: 'exclusive gateway',
    draw(scope) {
      const branches = branchesOf(scope);
      const pick = newId(scope.world, 'pick');
      const taken = scope.world.random.integer(0, branches.length - 1);
      scope.world.variables[pick] = taken;
      return split(scope, 'exclusiveGateway', branches, [taken], { condition: (index) => `\${${pick} &lt;= ${index}}`, hasDefault: true });
    },
  },
  {
    name: 'parallel gateway',
    draw(scope) {
      const branches = branchesOf(scope);
      return split(
        scope,
        'parallelGateway',
        branches,
        branches.map((_, index) => index),
      );
    },
  },
  { name: 'inclusive gateway', draw: (scope) => conditional(scope, 'inclusiveGateway') },
  {
    name: 'complex gateway',
    isOnce: true,
    draw(scope) {
      const branches = branchesOf(scope);
      const condition = `<bpmn:activationCondition xsi:type="bpmn:tFormalExpression">\${activationCount >= ${branches.length}}</bpmn:activationCondition>`;
      const drawn = split(
        scope,
        'complexGateway',
        branches,
        branches.map((_, index) => index),
        { joinInside: condition },
      );
      // Once for its start, once for its reset (BPMN 2.0.2, 13.4.5), which comes when the token behind it waits.
      const after = addUserTask(scope);
      connect(scope, drawn.exit, after);
      const walk = sequence(drawn.walk, step({ do: 'complete', at: after }));
      return { ...drawn, exit: after, walk, visits: all([drawn.visits, visits(drawn.exit, after)]) };
    },
  },
  { name: 'complex gateway, two of three', isOnce: true, draw: drawTwoOfThree },
  {
    name: 'conditional flows of an activity',
    draw(scope) {
      const from = add(scope, 'task');
      const exit = add(scope, 'inclusiveGateway');
      const branches = [scope.world.draw(scope), scope.world.draw(scope)];
      for (const branch of branches) {
        connect(scope, from, branch.entry, '${1 == 1}');
        connect(scope, branch.exit, exit);
      }
      const walk = sequence(together(...branches.map((branch) => branch.walk)));
      return { entry: from, exit, walk, visits: all([visits(from, exit), ...branches.map((branch) => branch.visits)]) };
    },
  },
];

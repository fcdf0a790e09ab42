import type { ComplexGateway, EventBasedGateway, ReceiveTask } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import { compileCondition } from './compile-flow.ts';
import { elementBase } from './element-base.ts';
import { flag, many, one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** As a join it needs an activation condition: BPMN has no default for it. */
export function compileComplexGateway(node: ModdleElement, compilation: Compilation): ComplexGateway {
  const id = node.id as string;
  const activationCondition = compileCondition(node, 'activationCondition', id, compilation);
  if (!one(node, 'activationCondition') && siblingFlows(node, 'targetRef').length > 1)
    compilation.report(id, 'ACTIVATION_CONDITION_MISSING');
  return { ...elementBase(node, compilation), type: 'bpmn:ComplexGateway', ...(activationCondition && { activationCondition }) };
}

export function compileEventBasedGateway(node: ModdleElement, compilation: Compilation): EventBasedGateway {
  const id = node.id as string;
  const isParallel = text(node, 'eventGatewayType') === 'Parallel';
  const instantiates = flag(node, 'instantiate');
  if (isParallel && !instantiates) compilation.report(id, 'EVENT_GATEWAY_PARALLEL');
  if (flag(node, 'camunda:asyncAfter')) compilation.report(id, 'UNSUPPORTED_ATTRIBUTE', { name: 'asyncAfter' });
  if (instantiates) checkInstantiating(node, isParallel, compilation);
  return {
    ...elementBase(node, compilation),
    type: 'bpmn:EventBasedGateway',
    ...(instantiates && { instantiate: isParallel ? 'parallel' : 'exclusive' }),
  };
}

/** `instantiate` of a receive task. */
export function instantiation(node: ModdleElement, compilation: Compilation): Pick<ReceiveTask, 'instantiate'> {
  if (!flag(node, 'instantiate')) return {};
  checkLevel(node, compilation);
  return { instantiate: true };
}

/** An instance that is not there yet can be reached by messages and signals; a parallel one is found again by messages only. */
function checkInstantiating(node: ModdleElement, isParallel: boolean, compilation: Compilation): void {
  const reaching = ['bpmn:MessageEventDefinition', ...(isParallel ? [] : ['bpmn:SignalEventDefinition'])];
  checkLevel(node, compilation);
  for (const flow of siblingFlows(node, 'sourceRef')) {
    const target = one(flow, 'targetRef');
    const [definition, another] = target ? many(target, 'eventDefinitions') : [];
    const canReach = target?.$type === 'bpmn:ReceiveTask' || (definition && reaching.includes(definition.$type) && !another);
    if (!canReach) compilation.report(node.id as string, 'INSTANTIATE_TARGET', { target: target?.id ?? '' });
  }
}

function checkLevel(node: ModdleElement, compilation: Compilation): void {
  if (node.$parent !== compilation.process) compilation.report(node.id as string, 'INSTANTIATE_LEVEL');
}

function siblingFlows(node: ModdleElement, end: 'sourceRef' | 'targetRef'): ModdleElement[] {
  return many(node.$parent as ModdleElement, 'flowElements').filter(
    (sibling) => sibling.$type === 'bpmn:SequenceFlow' && one(sibling, end) === node,
  );
}

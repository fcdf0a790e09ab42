import type { Element } from '#engine/core/model.ts';
import type { Compilation } from './compilation.ts';
import { compileAdHocSubProcess } from './compile-ad-hoc.ts';
import { compileBoundaryEvent, compileEndEvent, compileIntermediateEvent, compileStartEvent } from './compile-events.ts';
import { compileCallActivity } from './compile-call-activity.ts';
import { compileComplexGateway, compileEventBasedGateway } from './compile-gateway.ts';
import { compileBusinessRuleTask, compileSendTask, compileServiceTask } from './compile-service.ts';
import { compileReceiveTask, compileScriptTask, compileUserTask } from './compile-tasks.ts';
import { elementBase } from './element-base.ts';
import { scopeParts } from './graph.ts';
import { flag } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** One flow node; null (and a problem) when the engine cannot run it. */
export function compileElement(node: ModdleElement, compilation: Compilation): Element | null {
  const base = () => elementBase(node, compilation);
  switch (node.$type) {
    case 'bpmn:SubProcess':
      return { ...base(), type: node.$type, ...scopeParts(node, compilation), triggeredByEvent: flag(node, 'triggeredByEvent') };
    case 'bpmn:Transaction':
      return { ...base(), type: node.$type, ...scopeParts(node, compilation), triggeredByEvent: false };
    case 'bpmn:AdHocSubProcess':
      return compileAdHocSubProcess(node, compilation);
    case 'bpmn:CallActivity':
      return compileCallActivity(node, compilation);
    case 'bpmn:Task':
    case 'bpmn:ManualTask':
      return { ...base(), type: node.$type };
    case 'bpmn:UserTask':
      return compileUserTask(node, compilation);
    case 'bpmn:ServiceTask':
      return compileServiceTask(node, compilation);
    case 'bpmn:BusinessRuleTask':
      return compileBusinessRuleTask(node, compilation);
    case 'bpmn:SendTask':
      return compileSendTask(node, compilation);
    case 'bpmn:ReceiveTask':
      return compileReceiveTask(node, compilation);
    case 'bpmn:ScriptTask':
      return compileScriptTask(node, compilation);
    case 'bpmn:ExclusiveGateway':
    case 'bpmn:ParallelGateway':
    case 'bpmn:InclusiveGateway':
      return { ...base(), type: node.$type };
    case 'bpmn:ComplexGateway':
      return compileComplexGateway(node, compilation);
    case 'bpmn:EventBasedGateway':
      return compileEventBasedGateway(node, compilation);
    case 'bpmn:StartEvent':
      return compileStartEvent(node, compilation);
    case 'bpmn:BoundaryEvent':
      return compileBoundaryEvent(node, compilation);
    case 'bpmn:IntermediateCatchEvent':
    case 'bpmn:IntermediateThrowEvent':
      return compileIntermediateEvent(node, compilation, node.$type);
    case 'bpmn:EndEvent':
      return compileEndEvent(node, compilation);
    default:
      compilation.report(node.id as string, 'UNSUPPORTED_ELEMENT', { type: node.$type.replace('bpmn:', '') });
      return null;
  }
}

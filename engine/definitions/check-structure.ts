import { elementToBegin, splitIds } from '#engine/core/ad-hoc-elements.ts';
import type { AdHocSubProcess, Element, ProcessElement, ProcessModel, SequenceFlow, SubProcess } from '#engine/core/model.ts';
import { startElements } from '#engine/core/start-elements.ts';
import type { Compilation } from './compilation.ts';

/** BPMN's rules about scopes, flows and gateways that a diagram can break although its XML is valid. */
export function checkStructure(model: ProcessModel, compilation: Compilation): void {
  for (const element of model.elements) {
    if (element.type === 'bpmn:Process' || element.type === 'bpmn:SubProcess' || element.type === 'bpmn:Transaction')
      checkScope(element, model, compilation);
    if (element.type === 'bpmn:AdHocSubProcess') checkActiveElements(element, model, compilation);
    if (element.type !== 'bpmn:Process') checkFlows(element, model, compilation);
  }
}

function checkScope(scope: ProcessElement | SubProcess, model: ProcessModel, { report }: Compilation): void {
  const starts = scope.startEvents.map((index) => model.elements[index] as Element & { type: 'bpmn:StartEvent' });
  const none = starts.filter((start) => start.event.type === 'none');
  if (scope.type === 'bpmn:SubProcess' && scope.triggeredByEvent) {
    if (starts.length !== 1) report(scope.id, 'EVENT_SUB_PROCESS_START');
    return;
  }
  if (starts.length === 0 && !(scope.type === 'bpmn:Process' && startElements(model).length > 0)) report(scope.id, 'START_EVENT_MISSING');
  if (none.length > 1) report(scope.id, 'START_EVENT_AMBIGUOUS');
  if (scope.type !== 'bpmn:Process' && none.length < starts.length) report(scope.id, 'SUB_PROCESS_START');
}

function checkActiveElements(adHoc: AdHocSubProcess, model: ProcessModel, { report }: Compilation): void {
  if (adHoc.activeElements?.language !== 'literal') return;
  for (const target of splitIds(adHoc.activeElements.value))
    if (elementToBegin(model, adHoc, target) === undefined) report(adHoc.id, 'AD_HOC_ELEMENT_UNKNOWN', { target });
}

function checkFlows(element: Element, model: ProcessModel, compilation: Compilation): void {
  const { report } = compilation;
  const outgoing = element.outgoing.map((index) => model.flows[index] as SequenceFlow);
  if (element.type === 'bpmn:StartEvent' && element.incoming.length > 0) report(element.id, 'FLOW_INTO_START');
  if (element.type === 'bpmn:EndEvent' && outgoing.length > 0) report(element.id, 'FLOW_OUT_OF_END');
  if (element.type === 'bpmn:BoundaryEvent' && element.incoming.length > 0) report(element.id, 'FLOW_INTO_BOUNDARY');
  if (element.type === 'bpmn:SubProcess' && element.triggeredByEvent && element.incoming.length + outgoing.length > 0)
    report(element.id, 'FLOW_AT_EVENT_SUB_PROCESS');
  if (element.type === 'bpmn:BoundaryEvent' && !isHost(model.elements[element.attachedTo], element.parent))
    report(element.id, 'BOUNDARY_NOT_ATTACHED');
  const defaultFlow = element.defaultFlow === undefined ? undefined : model.flows[element.defaultFlow];
  if (defaultFlow?.condition) report(defaultFlow.id, 'CONDITION_ON_DEFAULT');
  checkGateway(element, outgoing, model, compilation);
}

/** Activities of the same level carry boundary events; an event sub-process is never where a token waits. */
function isHost(host: Element | undefined, parent: number): boolean {
  if (!host || host.parent !== parent) return false;
  if (host.type === 'bpmn:SubProcess') return !host.triggeredByEvent;
  return host.type === 'bpmn:CallActivity' || host.type === 'bpmn:Transaction' || host.type === 'bpmn:AdHocSubProcess' || host.type.endsWith('Task');
}

function checkGateway(element: Element, outgoing: SequenceFlow[], model: ProcessModel, { report }: Compilation): void {
  if (!element.type.endsWith('Gateway')) return;
  if (outgoing.length === 0 && element.type !== 'bpmn:ParallelGateway') report(element.id, 'GATEWAY_WITHOUT_FLOW');
  if (element.type === 'bpmn:ExclusiveGateway') {
    if (outgoing.length < 2) return;
    const bare = outgoing.filter((flow) => !flow.condition && flow.index !== element.defaultFlow);
    // Camunda 7 deploys a lone flow without a condition: it is taken when it is reached.
    const code = bare.length === 1 && element.defaultFlow === undefined ? 'CONDITION_LEFT_OUT' : 'CONDITION_MISSING';
    for (const flow of bare) report(element.id, code, { flow: flow.name ?? flow.id });
    return;
  }
  if (element.type === 'bpmn:InclusiveGateway' || element.type === 'bpmn:ComplexGateway') return;
  for (const flow of outgoing) if (flow.condition) report(flow.id, 'CONDITION_NOT_ALLOWED');
  if (element.type === 'bpmn:EventBasedGateway') checkEventGateway(element, outgoing, model, report);
}

function checkEventGateway(gateway: Element, outgoing: SequenceFlow[], model: ProcessModel, report: Compilation['report']): void {
  for (const flow of outgoing) {
    const target = model.elements[flow.target] as Element;
    if (target.type !== 'bpmn:IntermediateCatchEvent' && target.type !== 'bpmn:ReceiveTask')
      report(gateway.id, 'EVENT_GATEWAY_TARGET', { target: target.id });
    else if (target.incoming.length > 1) report(target.id, 'EVENT_GATEWAY_SHARED_TARGET');
  }
}

import { eventDefinitions, ofType } from './bpmn-file.ts';
import type { BpmnFile, Report } from './bpmn-file.ts';
import { flag, many, one } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** Data inputs and outputs and the sets that they are grouped into: part of the model, not of the execution. */
export function checkDataSets(file: BpmnFile, report: Report): void {
  checkMembers(file, report);
  for (const set of ofType(file, 'InputSet')) checkSet(set, 'dataInputRefs', ['optionalInputRefs', 'whileExecutingInputRefs'], report);
  for (const set of ofType(file, 'OutputSet')) checkSet(set, 'dataOutputRefs', ['optionalOutputRefs', 'whileExecutingOutputRefs'], report);
  for (const [type, theirs, ours] of [
    ['InputSet', 'outputSetRefs', 'inputSetRefs'],
    ['OutputSet', 'inputSetRefs', 'outputSetRefs'],
  ] as const) {
    for (const set of ofType(file, type))
      if (many(set, theirs).some((other) => !many(other, ours).includes(set))) report(set, 'DATA_SETS_APART');
  }
  for (const data of ofType(file, 'DataObject', 'DataInput', 'DataOutput')) {
    const item = one(data, 'itemSubjectRef');
    if (item && flag(item, 'isCollection') !== flag(data, 'isCollection') && !isLoopItem(data)) report(data, 'DATA_COLLECTION');
  }
  for (const task of ofType(file, 'ServiceTask', 'SendTask', 'ReceiveTask')) checkMessageData(task, report);
  for (const event of ofType(file, 'StartEvent', 'IntermediateCatchEvent', 'IntermediateThrowEvent', 'BoundaryEvent', 'EndEvent')) {
    const data = many(event, 'dataInputs').length + many(event, 'dataOutputs').length;
    if (data > 0 && data !== eventDefinitions(event).length) report(event, 'EVENT_DATA_COUNT');
  }
  for (const association of ofType(file, 'DataInputAssociation', 'DataOutputAssociation')) {
    if (!one(association, 'transformation') && many(association, 'sourceRef').length > 1) report(association, 'DATA_SOURCES');
  }
  for (const element of ofType(file, 'Process', 'GlobalTask')) {
    if (many(element, 'supportedInterfaceRef').length > 0 && many(element, 'ioBinding').length === 0)
      report(element, 'SERVICE_BINDING_MISSING');
  }
}

/** The item of a multi-instance is one of its collection: no set lists it. */
const isLoopItem = (data: ModdleElement) => data.$parent?.$type === 'bpmn:MultiInstanceLoopCharacteristics';

function checkMembers(file: BpmnFile, report: Report): void {
  const listed = new Set([
    ...ofType(file, 'InputSet').flatMap((set) => many(set, 'dataInputRefs')),
    ...ofType(file, 'OutputSet').flatMap((set) => many(set, 'dataOutputRefs')),
  ]);
  for (const data of ofType(file, 'DataInput', 'DataOutput')) if (!listed.has(data) && !isLoopItem(data)) report(data, 'DATA_NOT_IN_SET');
}

function checkSet(set: ModdleElement, members: string, optional: string[], report: Report): void {
  for (const data of optional.flatMap((name) => many(set, name))) {
    if (!many(set, members).includes(data)) report(set, 'DATA_SET_OPTIONAL', { target: data.id ?? '' });
  }
}

/** A task that sends or receives one message has one set of data for it. */
function checkMessageData(task: ModdleElement, report: Report): void {
  const data = one(task, 'ioSpecification');
  const count = (name: string) => (data ? many(data, name).length : 0);
  const several = (name: string) => {
    if (count(name) > 1) report(task, 'DATA_SETS_SEVERAL', { name, count: 1 });
  };
  if (task.$type === 'bpmn:ServiceTask' && one(task, 'operationRef')) {
    if (count('inputSets') === 0) report(task, 'DATA_SETS_SEVERAL', { name: 'inputSets', count: 1 });
    several('inputSets');
    several('outputSets');
  }
  if (task.$type === 'bpmn:SendTask' && one(task, 'messageRef')) for (const name of ['inputSets', 'dataInputs']) several(name);
  if (task.$type === 'bpmn:ReceiveTask' && one(task, 'messageRef')) for (const name of ['outputSets', 'dataOutputs']) several(name);
}

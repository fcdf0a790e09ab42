import { eventDefinitions, inExecutable, kindOf, ofType } from './bpmn-file.ts';
import type { BpmnFile, Report } from './bpmn-file.ts';
import { flag, many, one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** Item definitions at both ends of what passes data. */
export function checkDataTypes(file: BpmnFile, report: Report): void {
  for (const task of ofType(file, 'ServiceTask', 'SendTask', 'ReceiveTask')) if (!fitsMessage(task)) report(task, 'DATA_TYPE');
  for (const association of ofType(file, 'DataInputAssociation', 'DataOutputAssociation')) {
    if (!one(association, 'transformation') && !fitsEnds(association)) report(association, 'DATA_TYPE');
  }
  for (const loop of ofType(file, 'MultiInstanceLoopCharacteristics')) {
    if (
      inExecutable(loop) &&
      !(fitsItem(loop, 'loopDataInputRef', 'inputDataItem') && fitsItem(loop, 'loopDataOutputRef', 'outputDataItem'))
    )
      report(loop, 'DATA_TYPE');
  }
  for (const event of ofType(file, 'StartEvent', 'IntermediateCatchEvent', 'IntermediateThrowEvent', 'BoundaryEvent', 'EndEvent')) {
    if (!fitsEvent(event)) report(event, 'DATA_TYPE');
  }
  for (const element of ofType(file, 'Process', 'GlobalTask')) if (!fitsInterface(element)) report(element, 'DATA_TYPE');
}

/** The item definition of a data object, input, output or store, also by a reference to it. */
export function typeOf(data: ModdleElement): ModdleElement | undefined {
  const referred = one(data, 'dataObjectRef') ?? one(data, 'dataStoreRef');
  return one(data, 'itemSubjectRef') ?? (referred && one(referred, 'itemSubjectRef'));
}

/** The same definition, or two definitions of the same structure. */
export function sameType(first: ModdleElement | undefined, second: ModdleElement | undefined): boolean {
  if (!first || !second) return false;
  const structure = text(first, 'structureRef');
  return first === second || (structure !== undefined && structure === text(second, 'structureRef'));
}

/** A task's data is that of its message: of its operation for a service task. */
function fitsMessage(task: ModdleElement): boolean {
  const data = one(task, 'ioSpecification');
  if (!data) return true;
  if (task.$type === 'bpmn:ServiceTask') {
    return fitsOperation(data, one(task, 'operationRef'));
  }
  return carries(many(data, task.$type === 'bpmn:SendTask' ? 'dataInputs' : 'dataOutputs'), one(task, 'messageRef'));
}

/** Data goes in as the operation's first message and comes out as its second, which it need not have. */
function fitsOperation(data: ModdleElement, operation: ModdleElement | undefined): boolean {
  if (!operation) return true;
  const answer = one(operation, 'outMessageRef');
  return (
    carries(many(data, 'dataInputs'), one(operation, 'inMessageRef')) &&
    (!answer || holds(many(data, 'dataOutputs'), one(answer, 'itemRef')))
  );
}

function carries(data: ModdleElement[], message: ModdleElement | undefined): boolean {
  return data.length === 0 || holds(data, message && one(message, 'itemRef'));
}

const holds = (data: ModdleElement[], type: ModdleElement | undefined) => data.some((each) => sameType(typeOf(each), type));

/** Ends without a type fit every type. */
function fitsEnds(association: ModdleElement): boolean {
  const target = one(association, 'targetRef');
  const targetType = target && typeOf(target);
  return many(association, 'sourceRef').every((source) => !targetType || !typeOf(source) || sameType(typeOf(source), targetType));
}

/** The item of a loop is one of its collection. */
function fitsItem(loop: ModdleElement, collectionName: string, itemName: string): boolean {
  const collection = one(loop, collectionName);
  const item = one(loop, itemName);
  if (!collection || !item || (!typeOf(item) && !typeOf(collection))) return true;
  const type = typeOf(item);
  return sameType(typeOf(collection), type) && !(type && flag(type, 'isCollection'));
}

const payload: Readonly<Record<string, [reference: string, type: string]>> = {
  Message: ['messageRef', 'itemRef'],
  Error: ['errorRef', 'structureRef'],
  Escalation: ['escalationRef', 'structureRef'],
  Signal: ['signalRef', 'structureRef'],
};

/** The n-th data item of an event belongs to its n-th definition that carries data. */
function fitsEvent(event: ModdleElement): boolean {
  const data = [...many(event, 'dataInputs'), ...many(event, 'dataOutputs')];
  const carrying = eventDefinitions(event).flatMap((definition) => {
    const names = payload[kindOf(definition)];
    return names ? [{ definition, names }] : [];
  });
  return carrying.every(({ definition, names: [reference, type] }, index) => {
    const item = data[index];
    const carried = one(definition, reference);
    return !item || sameType(typeOf(item), carried && one(carried, type));
  });
}

function fitsInterface(element: ModdleElement): boolean {
  const data = one(element, 'ioSpecification');
  if (!data || many(element, 'supportedInterfaceRef').length === 0) return true;
  return many(element, 'ioBinding').every((binding) => fitsOperation(data, one(binding, 'operationRef')));
}

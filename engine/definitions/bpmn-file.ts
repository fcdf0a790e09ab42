import { flag, many, one } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';
import { idOf } from './moddle-problems.ts';
import { problem } from './problem.ts';
import type { Problem } from './problem.ts';
import type { ProblemCode } from './problem-texts.ts';
import type { WarningCode } from './warning-texts.ts';

/** A parsed file as the checks of BPMN's rules see it: its elements in the order of the file, and what connects them. */
export interface BpmnFile {
  definitions: ModdleElement;
  /** Everything but drawings and extension elements, nested ones included. */
  elements: ModdleElement[];
  /** Sequence flows by the element that they leave and enter. */
  outgoing: ReadonlyMap<ModdleElement, ModdleElement[]>;
  incoming: ReadonlyMap<ModdleElement, ModdleElement[]>;
  /** Boundary events by the activity that they sit on. */
  attached: ReadonlyMap<ModdleElement, ModdleElement[]>;
  /** Root elements of the files that this one imports, as far as they are known. */
  imported: readonly ModdleElement[];
}

/** One problem of an element; in a process that is only drawn it is a warning whatever its code. */
export type Report = (element: ModdleElement, code: ProblemCode | WarningCode, values?: Record<string, string | number>) => void;

export type Check = (file: BpmnFile, report: Report) => void;

export function bpmnFile(definitions: ModdleElement, imported: readonly ModdleElement[] = []): BpmnFile {
  const elements: ModdleElement[] = [];
  collect(definitions, elements);
  const group = (type: string, property: string) => groupBy(ofType({ elements }, type), property);
  return {
    definitions,
    elements,
    outgoing: group('SequenceFlow', 'sourceRef'),
    incoming: group('SequenceFlow', 'targetRef'),
    attached: group('BoundaryEvent', 'attachedToRef'),
    imported,
  };
}

// References are not enumerable in moddle's objects, so only children are found; the guard's depth limit bounds the recursion.
function collect(element: ModdleElement, elements: ModdleElement[]): void {
  elements.push(element);
  for (const value of Object.values(element)) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isBpmn(child) && child.$type !== 'bpmn:ExtensionElements') collect(child, elements);
    }
  }
}

function isBpmn(value: unknown): value is ModdleElement {
  return typeof value === 'object' && value !== null && '$type' in value && String(value.$type).startsWith('bpmn:');
}

/** Elements by what they refer to with `property`. */
export function groupBy(elements: ModdleElement[], property: string): Map<ModdleElement, ModdleElement[]> {
  const groups = new Map<ModdleElement, ModdleElement[]>();
  for (const element of elements) {
    const key = one(element, property);
    if (!key) continue;
    const group = groups.get(key);
    if (group) group.push(element);
    else groups.set(key, [element]);
  }
  return groups;
}

export function problemOf(element: ModdleElement, code: ProblemCode | WarningCode, values?: Record<string, string | number>): Problem {
  const process = processOf(element);
  const found = problem(idOf(element), code, values);
  return process && !flag(process, 'isExecutable') ? { ...found, severity: 'warning' } : found;
}

/** The elements of some types, `'Task'` for `bpmn:Task`; subtypes do not count. */
export const ofType = ({ elements }: Pick<BpmnFile, 'elements'>, ...types: string[]): ModdleElement[] =>
  elements.filter(({ $type }) => types.includes($type.slice('bpmn:'.length)));

export const outgoing = (file: BpmnFile, node: ModdleElement): ModdleElement[] => file.outgoing.get(node) ?? [];
export const incoming = (file: BpmnFile, node: ModdleElement): ModdleElement[] => file.incoming.get(node) ?? [];
export const boundaryEvents = (file: BpmnFile, host: ModdleElement): ModdleElement[] => file.attached.get(host) ?? [];

export function processOf(element: ModdleElement): ModdleElement | undefined {
  let at: ModdleElement | undefined = element;
  while (at && at.$type !== 'bpmn:Process') at = at.$parent;
  return at;
}

export function inExecutable(element: ModdleElement): boolean {
  const process = processOf(element);
  return process !== undefined && flag(process, 'isExecutable');
}

/** The event definitions of an event, its own and those it refers to. */
export const eventDefinitions = (event: ModdleElement): ModdleElement[] => [
  ...many(event, 'eventDefinitions'),
  ...many(event, 'eventDefinitionRef'),
];

/** `'Message'` for an event with a `bpmn:MessageEventDefinition`, and so on. */
export const kindsOf = (event: ModdleElement): string[] => eventDefinitions(event).map(kindOf);
export const kindOf = ({ $type }: ModdleElement): string => $type.slice('bpmn:'.length, -'EventDefinition'.length);

export const scopeTypes = ['Process', 'SubProcess', 'Transaction', 'AdHocSubProcess'];
export const subProcessTypes = ['SubProcess', 'Transaction', 'AdHocSubProcess'];
export const gatewayTypes = ['ExclusiveGateway', 'ParallelGateway', 'InclusiveGateway', 'ComplexGateway', 'EventBasedGateway'];
export const activityTypes = [
  'Task',
  'UserTask',
  'ServiceTask',
  'ScriptTask',
  'BusinessRuleTask',
  'SendTask',
  'ReceiveTask',
  'ManualTask',
  'CallActivity',
  ...subProcessTypes,
];
export const intermediateTypes = ['IntermediateCatchEvent', 'IntermediateThrowEvent'];
export const nodeTypes = [...activityTypes, ...gatewayTypes, ...intermediateTypes, 'StartEvent', 'BoundaryEvent', 'EndEvent'];

export const isA = ({ $type }: ModdleElement, types: readonly string[]): boolean => types.includes($type.slice('bpmn:'.length));

export const isEventSubProcess = (node: ModdleElement): boolean => node.$type === 'bpmn:SubProcess' && flag(node, 'triggeredByEvent');

/** The flow nodes of a process or sub-process, without those of its sub-processes. */
export const nodesOf = (scope: ModdleElement): ModdleElement[] => many(scope, 'flowElements').filter((child) => isA(child, nodeTypes));

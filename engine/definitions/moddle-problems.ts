import type { ModdleElement } from './moddle-element.ts';
import { problem } from './problem.ts';
import type { Problem } from './problem.ts';

/** What moddle reports while it reads; it goes on, we do not. */
export interface ModdleWarning {
  message: string;
  element?: ModdleElement;
  property?: string;
  value?: string;
}

/** References that nothing which runs depends on: interfaces, data, categories, resources. */
const unused = new Set(
  (
    'operationRef inMessageRef outMessageRef errorRefs interfaceRef supportedInterfaceRef inputDataRef outputDataRef type itemRef itemSubjectRef ' +
    'structureRef dataObjectRef dataStoreRef dataInputRefs dataOutputRefs optionalInputRefs optionalOutputRefs whileExecutingInputRefs ' +
    'whileExecutingOutputRefs inputSetRefs outputSetRefs categoryValueRef resourceRef parameterRef correlationKeyRef correlationPropertyRef ' +
    'messageFlowRef choreographyRef participantRef processRef partitionElementRef definitionalCollaborationRef supports'
  ).split(' '),
);

/** What the reader dropped, the author believes to be there: an error, unless the engine would not look at it anyway. */
export function moddleProblem(warning: ModdleWarning): Problem {
  const elementId = warning.element ? idOf(warning.element) : null;
  const duplicate = /duplicate ID <(.+?)>/.exec(warning.message);
  if (duplicate) return problem(duplicate[1] ?? elementId, 'DUPLICATE_ID');
  if (warning.property !== undefined && warning.message.startsWith('unresolved reference')) return unresolved(warning, elementId);
  const encoding = /^unsupported document encoding <(.+?)>/.exec(warning.message);
  if (encoding) return problem(null, 'XML_ENCODING', { message: encoding[1] ?? '' });
  const ignored = ignoredAttribute(warning);
  if (ignored !== undefined) return problem(elementId, 'ATTRIBUTE_UNKNOWN', { name: ignored });
  return problem(elementId, 'XML_NOT_UNDERSTOOD', { message: firstLine(warning.message) });
}

/** Camunda 7 takes no notice of attributes that it does not know, on its own elements and, with its prefix, on those of BPMN. */
function ignoredAttribute({ message, element }: ModdleWarning): string | undefined {
  const name = /^unknown attribute <(.+?)>/.exec(message)?.[1];
  const isCamunda = name?.startsWith('camunda:') || (name?.includes(':') === false && element?.$type.startsWith('camunda:'));
  return isCamunda ? name : undefined;
}

function unresolved({ element, property = '', value = '' }: ModdleWarning, elementId: string | null): Problem {
  const name = property.replace(/^\w+:/, '');
  if (element?.$type.startsWith('bpmndi:')) return problem(elementId, 'DRAWING_REFERENCE', { target: value });
  if (name === 'incoming' || name === 'outgoing') return problem(elementId, 'FLOW_LIST_WRONG', { flow: value });
  if (name === 'errorRef') return problem(elementId, 'ERROR_UNDECLARED', { code: value });
  if (name === 'loopDataInputRef') return problem(elementId, 'LOOP_DATA_UNKNOWN');
  return problem(elementId, unused.has(name) ? 'REFERENCE_UNUSED' : 'UNRESOLVED_REFERENCE', { property: name, target: value });
}

export function parseProblem(error: unknown): Problem {
  return problem(null, 'XML_MALFORMED', { message: firstLine(error instanceof Error ? error.message : String(error)) });
}

/** The element's id, or that of the nearest parent that has one (event definitions often have none). */
export function idOf(element: ModdleElement): string | null {
  for (let at: ModdleElement | undefined = element; at; at = at.$parent) {
    if (at.id) return at.id;
  }
  return null;
}

const firstLine = (message: string) => message.split('\n', 1)[0] as string;

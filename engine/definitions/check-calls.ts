import { kindsOf, nodesOf, ofType } from './bpmn-file.ts';
import type { BpmnFile, Report } from './bpmn-file.ts';
import { many, one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';
import { sameType, typeOf } from './check-data-types.ts';

/** Call activities whose process or global task is in this file or an imported one. */
export function checkCalls(file: BpmnFile, report: Report): void {
  const own = byId([file.definitions]);
  const imported = byId(file.imported);
  for (const call of ofType(file, 'CallActivity')) {
    // A name with a prefix means an imported file, one without this file.
    const [name = '', prefix] = (text(call, 'calledElement') ?? '').split(':').toReversed();
    const called = (prefix === undefined ? own : imported).get(name);
    if (!called) continue;
    const starts = nodesOf(called).filter(({ $type }) => $type === 'bpmn:StartEvent');
    if (starts.length > 0 && starts.every((start) => kindsOf(start).length > 0)) report(call, 'CALLED_PROCESS_START', { target: name });
    if (!sameData(call, called)) report(call, 'CALLED_DATA', { target: name });
  }
}

const byId = (files: readonly ModdleElement[]) =>
  new Map(files.flatMap((file) => many(file, 'rootElements')).flatMap((root) => (root.id === undefined ? [] : [[root.id, root] as const])));

/** Both ends list the same number of data and sets, and each of the caller's data has a counterpart of its type. */
function sameData(call: ModdleElement, called: ModdleElement): boolean {
  const [own, other] = [one(call, 'ioSpecification'), one(called, 'ioSpecification')];
  if (!own && !other) return true;
  const list = (data: ModdleElement | undefined, name: string) => (data ? many(data, name) : []);
  const refs = (data: ModdleElement | undefined, sets: string, name: string) => list(data, sets).flatMap((set) => many(set, name));
  for (const name of ['dataInputs', 'dataOutputs', 'inputSets', 'outputSets']) {
    if (list(own, name).length !== list(other, name).length) return false;
  }
  if (refs(own, 'inputSets', 'dataInputRefs').length !== refs(other, 'inputSets', 'dataInputRefs').length) return false;
  if (refs(own, 'outputSets', 'dataOutputRefs').length !== refs(other, 'outputSets', 'dataOutputRefs').length) return false;
  return ['dataInputs', 'dataOutputs'].every((name) =>
    list(own, name).every((data) => !typeOf(data) || list(other, name).some((counterpart) => sameType(typeOf(data), typeOf(counterpart)))),
  );
}

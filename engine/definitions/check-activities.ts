import { activityTypes, inExecutable, isA, ofType, subProcessTypes } from './bpmn-file.ts';
import type { BpmnFile, Report } from './bpmn-file.ts';
import { flag, many, one, text } from './moddle-element.ts';

/** Processes and activities. */
export function checkActivities(file: BpmnFile, report: Report): void {
  for (const process of ofType(file, 'Process')) {
    if (text(process, 'processType') === 'Public' && flag(process, 'isExecutable')) report(process, 'PROCESS_PUBLIC');
  }
  for (const activity of ofType(file, ...activityTypes)) {
    for (const name of ['startQuantity', 'completionQuantity']) {
      if (Number(text(activity, name) ?? 1) < 1) report(activity, 'QUANTITY_INVALID', { name });
    }
    if (isA(activity, subProcessTypes) && one(activity, 'ioSpecification')) report(activity, 'SUB_PROCESS_DATA');
  }
  for (const task of ofType(file, 'ScriptTask')) {
    if (text(task, 'script') !== undefined && text(task, 'scriptFormat') === undefined) report(task, 'SCRIPT_FORMAT_MISSING');
  }
  for (const adHoc of ofType(file, 'AdHocSubProcess')) {
    const children = many(adHoc, 'flowElements');
    if (!children.some((child) => isA(child, activityTypes))) report(adHoc, 'AD_HOC_EMPTY');
    if (children.some((child) => isA(child, ['StartEvent', 'EndEvent', ...choreographyActivities]))) report(adHoc, 'AD_HOC_EVENT');
  }
  for (const activity of ofType(file, ...choreographyActivities)) {
    // They belong in a choreography.
    if (activity.$parent && isA(activity.$parent, ['Process', ...subProcessTypes]))
      report(activity, 'UNSUPPORTED_ELEMENT', { type: activity.$type.slice('bpmn:'.length) });
  }
  for (const loop of ofType(file, 'MultiInstanceLoopCharacteristics')) {
    const input = one(loop, 'loopDataInputRef');
    const activity = loop.$parent;
    if (!input || !activity || isA(activity, subProcessTypes) || !inExecutable(loop)) continue;
    const data = one(activity, 'ioSpecification');
    if (!data || !many(data, 'dataInputs').includes(input)) report(loop, 'LOOP_DATA_UNKNOWN');
  }
}

const choreographyActivities = ['ChoreographyTask', 'CallChoreography', 'SubChoreography'];

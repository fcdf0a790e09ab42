import { isMultiInstanceItem } from '../instance-tree.ts';
import { completeLater, emit, notifyScope, type Token } from '../run.ts';
import { recordCompensation } from './compensation-records.ts';
import { closeOwned, createJob } from './jobs.ts';
import { runListeners } from './listeners.ts';
import { takeFlows } from './take-flow.ts';
import { mapOutputs } from './variable-mapping.ts';

/** The element has done its work: outputs, end of its boundary events, then on to the next elements or to an async continuation. */
export function completeElement(token: Token): void {
  const { run, state, element, instance } = token;
  // Before it leaves, as in Camunda 7: a condition that its own work made true may still interrupt it.
  if (run.conditions.length > 0) return completeLater(token);
  if (instance.phase !== 'body') {
    runListeners(token, 'end');
    mapOutputs(token);
  }
  closeOwned(token);
  recordCompensation(token);
  if (isMultiInstanceItem(state, instance) ? element.multiInstance?.asyncAfter : element.asyncAfter) {
    emit(run, state, { instance: state.id, type: 'ElementContinued', id: instance.id, phase: 'after' });
    createJob(token, element, { kind: 'async-after', dueAt: run.ports.now });
    return;
  }
  leaveElement(token);
}

/** The token goes on from here; a multi-instance item goes back to its body instead. */
export function leaveElement(token: Token): void {
  const { run, state, element, instance } = token;
  const isItem = isMultiInstanceItem(state, instance);
  emit(run, state, { instance: state.id, type: 'ElementCompleted', id: instance.id, element: element.index });
  if (isItem) notifyScope(token);
  else takeFlows(token);
}

/** The path ends here without taking a flow: end events, and a BPMN error that nobody catches. */
export function endPath(token: Token): void {
  const { run, state, element, instance } = token;
  runListeners(token, 'end');
  closeOwned(token);
  emit(run, state, { instance: state.id, type: 'ElementCompleted', id: instance.id, element: element.index });
  notifyScope(token);
}

import { cancelChildren } from '../behaviors/cancel.ts';
import { runListeners } from '../behaviors/listeners.ts';
import { emit, notifyScope, scopeOf, type Token } from '../run.ts';

/** Ends everything else in the scope; the scope then completes as if its last token had come to an end. */
export function terminateScope(token: Token): void {
  const { run, state, element, instance } = token;
  runListeners(token, 'end');
  emit(run, state, { instance: state.id, type: 'ElementCompleted', id: instance.id, element: element.index });
  cancelChildren({ run, state, instance: scopeOf(token) });
  notifyScope(token);
}

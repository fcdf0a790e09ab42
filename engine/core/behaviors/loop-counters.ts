import { emit, type Token } from '../run.ts';

/** Sets the counters of a loop's body. */
export function advance({ run, state, instance }: Token, completed: number, active: number): void {
  emit(run, state, { instance: state.id, type: 'LoopAdvanced', id: instance.id, completed, active });
}

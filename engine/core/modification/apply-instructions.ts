import type { Run } from '../run.ts';
import type { InstanceState } from '../state.ts';
import { cancelAt } from './cancel-at.ts';
import type { ModificationInstruction } from './instructions.ts';
import { startAt } from './start-at.ts';

/** Carries the instructions out in their order; what begins takes its first step only after the last one, so that no scope ends in between. */
export function applyInstructions(run: Run, state: InstanceState, instructions: readonly ModificationInstruction[]): void {
  for (const instruction of instructions) {
    if (instruction.type === 'cancel') cancelAt(run, state, instruction);
    else startAt(run, state, instruction);
  }
  // The agenda is a stack: what was asked for first begins first.
  run.agenda.reverse();
}

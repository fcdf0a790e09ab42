import type { Variables } from '../values.ts';

/** Camunda's suffix of the activity that stands for all runs of a loop. */
export const BODY_SUFFIX = '#multiInstanceBody';

/** Begins something inside an instance, as if its flow had come there. */
export interface StartInstruction {
  type: 'startBefore' | 'startAfter' | 'startTransition';
  /** BPMN id of the activity or sequence flow. Of a looped activity: one run of it; with `#multiInstanceBody` the whole loop. */
  target: string;
  /** Element instance of the scope to begin in, where the scope is there several times. */
  ancestor?: number;
  /** Each goes to the nearest scope that has it, else to the process. */
  variables?: Variables;
  /** Stay with the element that begins. */
  localVariables?: Variables;
}

/** Tokens of one flow that wait at a join: they are no element instances. */
export interface ArrivalPlace {
  scope: number;
  gateway: number;
  flow: number;
}

/** Ends something inside an instance; scopes that are empty then end with it. */
export type CancelInstruction = { type: 'cancel' } & (
  | { activity: string }
  /** An element instance, parked ones (transition instances) too. */
  | { instance: number }
  | { arrival: ArrivalPlace }
);

export type ModificationInstruction = StartInstruction | CancelInstruction;

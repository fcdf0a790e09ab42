/** A deliberate fault: one text of one engine file, replaced while it is loaded. */
export interface EngineFault {
  name: string;
  /** Path in the repository. */
  file: string;
  from: string;
  to: string;
}

/** Each has to be found by the random processes within 300 runs; a change of the engine's text moves its fault along. */
export const engineFaults: readonly EngineFault[] = [
  {
    name: 'a parallel join fires early',
    file: 'engine/core/behaviors/join.ts',
    from: 'if (!gateway.incoming.every(hasArrived)) return false;',
    to: '',
  },
];

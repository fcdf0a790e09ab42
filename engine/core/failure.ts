/**
 * An expected problem while a command runs: no flow condition true, an expression that fails, a called process that is missing.
 * In a synchronous step it fails the command (nothing changes); in a job it uses up a retry and ends as an incident.
 * Message pattern: *Expected X, but Y*. Codes are listed in docs/errors.md.
 */
export class Failure extends Error {
  readonly code: string;
  readonly elementId: string | null;

  constructor(code: string, message: string, elementId: string | null = null, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'Failure';
    this.code = code;
    this.elementId = elementId;
  }
}

/** Does the work; a failure in it that names no element yet is one of this element. */
export function atElement<T>(elementId: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Failure) || error.elementId !== null) throw error;
    throw new Failure(error.code, error.message, elementId, { cause: error });
  }
}

/** The command needs a definition, a decision or the items of a loop (`parts`) that are not in memory: load them, then run the command again. */
export class NotLoaded extends Error {
  readonly what: { kind: 'definition' | 'decision' | 'instance' | 'parts'; key: string };

  constructor(what: NotLoaded['what']) {
    super(`Expected ${what.kind} ${what.key} to be in memory, but it has to be loaded first`);
    this.name = 'NotLoaded';
    this.what = what;
  }
}

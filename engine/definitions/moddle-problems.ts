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

/** Every warning refuses the deployment: what the reader dropped, the author believes to be there. */
export function moddleProblem(warning: ModdleWarning): Problem {
  const elementId = warning.element ? idOf(warning.element) : null;
  const duplicate = /duplicate ID <(.+?)>/.exec(warning.message);
  if (duplicate) return problem(duplicate[1] ?? elementId, 'DUPLICATE_ID');
  if (warning.property !== undefined && warning.message.startsWith('unresolved reference')) {
    return problem(elementId, 'UNRESOLVED_REFERENCE', { property: warning.property.replace(/^\w+:/, ''), target: warning.value ?? '' });
  }
  const encoding = /^unsupported document encoding <(.+?)>/.exec(warning.message);
  if (encoding) return problem(null, 'XML_ENCODING', { message: encoding[1] ?? '' });
  return problem(elementId, 'XML_NOT_UNDERSTOOD', { message: firstLine(warning.message) });
}

export function parseProblem(error: unknown): Problem {
  return problem(null, 'XML_MALFORMED', { message: firstLine(error instanceof Error ? error.message : String(error)) });
}

/** The element's id, or that of the nearest parent that has one (event definitions often have none). */
function idOf(element: ModdleElement): string | null {
  for (let at: ModdleElement | undefined = element; at; at = at.$parent) {
    if (at.id) return at.id;
  }
  return null;
}

const firstLine = (message: string) => message.split('\n', 1)[0] as string;

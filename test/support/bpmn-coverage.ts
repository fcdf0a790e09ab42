import type { EngineEvent } from '#engine/core/events.ts';
import type { ProcessModel } from '#engine/core/model.ts';
import { endedAt } from './bpmn-positions.ts';

type Listener = (position: string) => void;
let listener: Listener | null = null;

/** Gets the position of every element that comes to its end in a test of the core; null = nobody listens. */
export function onVisit(next: Listener | null): void {
  listener = next;
}

export function noteVisit(event: EngineEvent, model: ProcessModel): void {
  if (listener) for (const position of endedAt(event, model)) listener(position);
}

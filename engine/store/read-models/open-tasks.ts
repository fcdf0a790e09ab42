import { read, type Work } from '../unit-of-work.ts';

/** The open user tasks of an instance with the BPMN ids they stand at, oldest first. */
export function* openTasks(instanceId: number): Work<{ id: number; element: string }[]> {
  const rows = yield* read('SELECT id, element FROM task WHERE instance_id = ? ORDER BY id', [instanceId]);
  return rows.map((row) => ({ id: Number(row.id), element: String(row.element) }));
}

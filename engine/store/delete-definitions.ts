import { closeTimerStarts } from './timer-start-store.ts';
import { read, type Work, type Writes } from './unit-of-work.ts';

export function* runningInstancesOf(definitionId: number): Work<number[]> {
  return (yield* read('SELECT id FROM process_instance WHERE definition_id = ? ORDER BY id', [definitionId])).map(({ id }) => Number(id));
}

/** A page of the ended instances of a definition. */
export function* endedInstancesOf(definitionId: number, { after = 0, limit }: { after?: number; limit: number }): Work<number[]> {
  const sql = 'SELECT id FROM history_instance WHERE definition_id = ? AND id > ? ORDER BY id LIMIT ?';
  return (yield* read(sql, [definitionId, after, limit])).map(({ id }) => Number(id));
}

/** Nothing starts by it any more. Its row stays: history may name it, an instance may begin at this moment, and its version does not come again. */
export function markDefinitionDeleted(writes: Writes, id: number, at: number): void {
  writes.delete('start_subscription', { definition_id: id });
  closeTimerStarts(writes, id);
  writes.delete('job_setting', { definition_id: id });
  writes.update('process_definition', { id }, { deleted_at: at });
}

/** The deployment with its decisions and forms; `keepFiles`: history shows the diagrams of definitions that it brought. */
export function deleteDeploymentRows(writes: Writes, id: number, { keepFiles }: { keepFiles: boolean }): void {
  writes.delete('decision_definition', { deployment_id: id });
  writes.delete('form_definition', { deployment_id: id });
  if (!keepFiles) writes.delete('resource', { deployment_id: id });
  writes.delete('deployment', { id });
}

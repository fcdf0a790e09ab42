import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { engineRestWorld, type EngineRestWorld, type File, type Json } from './engine-rest-world.ts';

export const ORDER = readFileSync(new URL('../../engine/rest/engine-rest/order.bpmn', import.meta.url), 'utf8');

export interface WireTask {
  id: string;
  name: string;
  assignee: string | null;
  priority: number;
  created: string;
}

/** Instances of `order.bpmn`: a worker scores, a person approves, a message and a timer let it end. */
export interface OrderWorld extends EngineRestWorld {
  startOrder: (variables?: Json, headers?: Record<string, string>) => Promise<string>;
  /** The worker `worker-1` has its task. */
  lockScore: (instance: string) => Promise<Json & { id: string }>;
  /** An order that waits for its approval. */
  toUserTask: (variables?: Json) => Promise<{ instance: string; task: WireTask }>;
}

export async function orderWorld(url: string, files: readonly File[] = []): Promise<OrderWorld> {
  const world = await engineRestWorld(url, [{ name: 'order.bpmn', content: ORDER }, ...files]);
  const { call, ok, get } = world;
  const startOrder: OrderWorld['startOrder'] = async (variables = {}, headers = {}) => {
    const answer = await call('POST', '/process-definition/key/order/start', { businessKey: 'A-1', variables }, headers);
    assert.equal(answer.status, 200, await answer.clone().text());
    return ((await answer.json()) as { id: string }).id;
  };
  const lockScore: OrderWorld['lockScore'] = async (instance) => {
    const body = { workerId: 'worker-1', maxTasks: 100, topics: [{ topicName: 'score', lockDuration: 60_000 }] };
    const tasks = await ok<(Json & { id: string; processInstanceId: string })[]>('POST', '/external-task/fetchAndLock', body);
    const task = tasks.find(({ processInstanceId }) => processInstanceId === instance);
    assert.ok(task, 'the task of this instance is locked');
    return task;
  };
  return {
    ...world,
    startOrder,
    lockScore,
    async toUserTask(variables) {
      const instance = await startOrder(variables);
      const { id } = await lockScore(instance);
      await ok('POST', `/external-task/${id}/complete`, { workerId: 'worker-1', variables: { score: { value: 5, type: 'integer' } } });
      const [task] = await get<WireTask[]>(`/task?processInstanceId=${instance}`);
      assert.ok(task);
      return { instance, task };
    },
  };
}

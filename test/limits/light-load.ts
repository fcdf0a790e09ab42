import { setTimeout as wait } from 'node:timers/promises';

export interface Api {
  url: string;
  authorization: string;
}

export function call({ url, authorization }: Api, method: string, path: string, body?: unknown): Promise<Response> {
  const sent = body === undefined ? {} : { body: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body) };
  return fetch(`${url}/engine-rest${path}`, { method, headers: { authorization, 'content-type': 'application/json' }, ...sent });
}

export async function deploy({ url, authorization }: Api, name: string, content: string): Promise<Response> {
  const form = new FormData();
  form.set('deployment-name', name);
  form.set(name, new Blob([content]), name);
  return fetch(`${url}/engine-rest/deployment/create`, { method: 'POST', headers: { authorization }, body: form });
}

/**
 * A steady light load: so many people per second each start a process, look for its task and complete it.
 * @returns the time of each request in ms, from the moment when it should have been sent
 */
export async function lightLoad(api: Api, { perSecond, seconds }: { perSecond: number; seconds: number }): Promise<number[]> {
  const times: number[] = [];
  const people: Promise<void>[] = [];
  const begin = performance.now();
  for (let person = 0; person < perSecond * seconds; person++) {
    const at = begin + (person * 1_000) / perSecond;
    const early = at - performance.now();
    if (early > 0) await wait(early);
    people.push(visit(api, at, times));
  }
  await Promise.all(people);
  return times;
}

async function visit(api: Api, at: number, times: number[]): Promise<void> {
  let since = at;
  async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await call(api, method, path, body);
    const text = await answer.text();
    times.push(performance.now() - since);
    since = performance.now();
    if (!answer.ok) throw new Error(`Expected ${method} ${path} to succeed, but it answered ${answer.status}: ${text.slice(0, 300)}`);
    return (text === '' ? null : JSON.parse(text)) as T;
  }
  const { id } = await ask<{ id: string }>('POST', '/process-definition/key/neighbour/start', { variables: { n: { value: 1 } } });
  const [task] = await ask<{ id: string }[]>('GET', `/task?processInstanceId=${id}`);
  if (!task) throw new Error(`Expected instance ${id} to have a task, but it has none`);
  await ask('POST', `/task/${task.id}/complete`, {});
}

import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '#engine/seed/random.ts';

const AUTHORIZATION = `Basic ${Buffer.from('engine:songbai-demo').toString('base64')}`;
const BPMN = readFileSync(new URL('../faults/engine.bpmn', import.meta.url), 'utf8');
const RETRY_MS = 100;
const LOCK_MS = 2000;
const WITHIN_MS = 8000;
/** Longer than a lease, for jobs whose node was killed. */
const QUIET_WITHIN_MS = 40_000;
const PROCESSES = ['fault-order', 'fault-mate', 'fault-poison', 'fault-caller', 'fault-visit', 'fault-echo'];

/** What the clients were promised: an answer that came back is in here, and has to be in the database for good. */
export interface EngineLedger {
  /** Idempotency key → the instance that was answered. */
  started: Map<string, string>;
  /** Ids of user tasks and of external tasks whose completion was acknowledged. */
  completed: Set<string>;
  worked: Set<string>;
  /** Answers that no client should get, e.g. a task is gone that nobody completed. */
  surprises: string[];
  /** How many requests had to be sent again. */
  lost: number;
}

export interface EngineClients {
  ledger: EngineLedger;
  deploy(): Promise<void>;
  /** Instances that end at once and whose history may go then: nothing of them is promised. */
  leaveHistory(count: number): Promise<void>;
  /** Starts orders and completes what they wait for, with that many clients side by side; `stop` finishes what was begun. */
  work(clients: number): { stop(): Promise<void> };
}

/** `urls`: of all nodes that serve the same database; each request takes one at random. */
export function engineClients(urls: string[], random: Random): EngineClients {
  const ledger: EngineLedger = { started: new Map(), completed: new Set(), worked: new Set(), surprises: [], lost: 0 };
  let orders = 0;

  /** Sends until there is an answer that is no "try again"; `wasUnsure`: an earlier try may have had its effect. */
  async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<{ status: number; body: unknown; wasUnsure: boolean }> {
    let wasUnsure = false;
    for (;;) {
      try {
        const isForm = body instanceof FormData;
        const answer = await fetch(`${random.pick(urls)}/engine-rest${path}`, {
          method,
          headers: { authorization: AUTHORIZATION, ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }), ...headers },
          ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
          signal: AbortSignal.timeout(WITHIN_MS),
        });
        const text = await answer.text();
        if (answer.status !== 503) return { status: answer.status, body: text === '' ? null : JSON.parse(text), wasUnsure };
        wasUnsure = true;
      } catch (error) {
        if (!isRefused(error)) wasUnsure = true;
      }
      ledger.lost++;
      await pause(RETRY_MS);
    }
  }

  async function start(process: string, businessKey: string): Promise<string> {
    const key = `${process}:${businessKey}`;
    const answer = await send('POST', `/process-definition/key/${process}/start`, { businessKey, variables: { kilos: { value: 12, type: 'Integer' } } }, { 'idempotency-key': key });
    if (answer.status !== 200) throw new Error(`Expected ${key} to start, but: ${answer.status} ${JSON.stringify(answer.body)}`);
    const { id } = answer.body as { id: string };
    ledger.started.set(key, id);
    return id;
  }

  /** A task may be found done only when an earlier try to complete it got lost. */
  async function completeTask(id: string): Promise<void> {
    const { status, body, wasUnsure } = await send('POST', `/task/${id}/complete`, {});
    if (status === 204) ledger.completed.add(id);
    else if (!wasUnsure || status >= 502) ledger.surprises.push(`complete task ${id}: ${status} ${JSON.stringify(body)}`);
  }

  /** When its lock has run out meanwhile, the other worker may have the task, or have done it. */
  async function completeWork(id: string, workerId: string, lockedUntil: number): Promise<void> {
    const { status, body, wasUnsure } = await send('POST', `/external-task/${id}/complete`, { workerId });
    if (status === 204) ledger.worked.add(id);
    else if (!(wasUnsure || performance.now() > lockedUntil) || status >= 502) ledger.surprises.push(`complete external task ${id}: ${status} ${JSON.stringify(body)}`);
  }

  async function acceptOrder(instance: string): Promise<void> {
    for (const until = performance.now() + QUIET_WITHIN_MS; performance.now() < until; await pause(RETRY_MS)) {
      const { body } = await send('GET', `/task?processInstanceId=${instance}`);
      const [task] = body as { id: string }[];
      if (!task) continue;
      await pause(random.integer(0, 1600));
      return completeTask(task.id);
    }
    ledger.surprises.push(`instance ${instance} came to no task`);
  }

  async function orderOn(isStopped: () => boolean): Promise<void> {
    while (!isStopped()) {
      const number = orders++;
      if (number % 10 === 3) await start('fault-poison', `P-${number}`);
      await start('fault-caller', `O-${number}`);
      await start('fault-mate', `O-${number}`);
      const instance = await start('fault-order', `O-${number}`);
      // Some orders stay where they are, so that the end finds running instances, too.
      if (number % 8 !== 5) await acceptOrder(instance);
    }
  }

  async function workOn(workerId: string, isStopped: () => boolean): Promise<void> {
    while (!isStopped()) {
      const lockedUntil = performance.now() + LOCK_MS;
      const { body } = await send('POST', '/external-task/fetchAndLock', { workerId, maxTasks: 3, asyncResponseTimeout: 500, topics: [{ topicName: 'fault-work', lockDuration: LOCK_MS }] });
      for (const { id } of body as { id: string }[]) await completeWork(id, workerId, lockedUntil);
    }
  }

  /** Until no job is to come and no work is open; gives up after a while, so that the test can say what is left. */
  async function untilQuiet(): Promise<void> {
    const count = async (path: string) => ((await send('GET', path)).body as { count: number }).count;
    for (const until = performance.now() + QUIET_WITHIN_MS; performance.now() < until; await pause(RETRY_MS)) {
      const jobs = await Promise.all(PROCESSES.map((key) => count(`/job/count?withRetriesLeft=true&processDefinitionKey=${key}`)));
      const open = await count('/external-task/count?topicName=fault-work');
      // A signal on its way is no job yet.
      const heard = await count('/history/process-instance/count?finished=true&processDefinitionKey=fault-echo');
      const rung = [...ledger.started.keys()].filter((key) => key.startsWith('fault-caller:')).length;
      if (jobs.every((each) => each === 0) && open === 0 && heard === rung) return;
    }
  }

  return {
    ledger,
    async deploy() {
      const form = new FormData();
      form.set('deployment-name', 'faults');
      form.set('engine.bpmn', new Blob([BPMN]), 'engine.bpmn');
      const { status, body } = await send('POST', '/deployment/create', form);
      if (status !== 200) throw new Error(`Expected the processes to be deployed, but: ${status} ${JSON.stringify(body)}`);
    },
    async leaveHistory(count) {
      for (let done = 0; done < count; done++) await send('POST', '/process-definition/key/gone-note/start', {});
    },
    work(clients) {
      let isClosed = false;
      let isDone = false;
      const running = Array.from({ length: clients }, () => orderOn(() => isClosed));
      const workers = ['worker-a', 'worker-b'].map((name) => workOn(name, () => isDone));
      return {
        async stop() {
          isClosed = true;
          await Promise.all(running);
          await untilQuiet();
          isDone = true;
          await Promise.all(workers);
        },
      };
    },
  };
}

/** Nothing was sent: the server was not there. */
function isRefused(error: unknown): boolean {
  return (error as { cause?: { code?: string } }).cause?.code === 'ECONNREFUSED';
}

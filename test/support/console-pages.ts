import type { Visitor } from './browser.ts';
import type { DemoServer } from './demo-server.ts';

export interface ConsolePage {
  name: string;
  /** Who looks at it; null = nobody has signed in. */
  as: 'dispatcher' | 'integrator' | 'auditor' | null;
  path: string;
  /** What is there when the page is: in no language. */
  ready: string;
}

/** Every page of the console with something to see on it. @param taskId of the dispatcher, in the case `instanceId` */
export function consolePages({ taskId, instanceId }: { taskId: string; instanceId: string }): ConsolePage[] {
  const page = (name: string, as: ConsolePage['as'], path: string, ready: string): ConsolePage => ({ name, as, path, ready });
  return [
    page('login', null, '/login', '.demo button'),
    page('inbox', 'dispatcher', '/inbox?queue=group', 'a.task'),
    page('inbox-task', 'dispatcher', `/inbox/${taskId}`, '#task-panel .field'),
    page('start', 'dispatcher', '/start', 'a.process'),
    page('start-form', 'dispatcher', '/start/work_order', '.field'),
    page('instances', 'dispatcher', '/instances', 'tbody tr'),
    page('instance', 'dispatcher', `/instances/${instanceId}`, '.djs-element.is-active'),
    page('alerts', 'dispatcher', '/alerts', 'tbody tr'),
    page('devices', 'integrator', '/devices', 'tbody tr'),
    page('audit', 'auditor', '/audit', 'tbody tr'),
    page('settings', 'dispatcher', '/settings', 'h1'),
    page('missing', 'dispatcher', '/no/such/page', 'h1'),
  ];
}

/** Sign-ins that several browsers share, so that a page can be seen by one person in many ways. */
export async function sharedSessions(
  demo: DemoServer,
  names: readonly string[],
): Promise<(visitor: Visitor, name: string | null) => Promise<void>> {
  const cookies = new Map<string, Awaited<ReturnType<Visitor['context']['cookies']>>>();
  for (const name of names) {
    const { context } = await demo.visitAs(name);
    cookies.set(name, await context.cookies());
    await context.close();
  }
  return async ({ context }, name) => {
    await context.clearCookies();
    if (name !== null) await context.addCookies(cookies.get(name) ?? []);
  };
}

/** Takes the seeded alerts, so that no pop-up lies over what is to be seen, and returns the dispatcher's own task. */
export async function prepareConsole(demo: DemoServer): Promise<{ taskId: string; instanceId: string }> {
  const [worker, dispatcher] = [await demo.visitAs('worker'), await demo.visitAs('dispatcher')];
  await worker.page.evaluate(async () => {
    const { csrfToken } = (await (await fetch('/api/session')).json()) as { csrfToken: string };
    const { items } = (await (await fetch('/api/alerts?status=active')).json()) as { items: { taskId: string }[] };
    for (const { taskId } of items)
      await fetch(`/api/tasks/${taskId}/claim`, {
        method: 'POST',
        headers: { 'X-CSRF-Token': csrfToken, 'Content-Type': 'application/json' },
        body: '{}',
      });
  });
  const mine = await dispatcher.page.evaluate(
    async () => ((await (await fetch('/api/tasks?queue=mine')).json()) as { items: { id: string; instanceId: string }[] }).items,
  );
  await Promise.all([worker.context.close(), dispatcher.context.close()]);
  const [task] = mine;
  if (!task) throw new Error('Expected the demo to give the dispatcher a task, but there is none');
  return { taskId: task.id, instanceId: task.instanceId };
}

import type { Locator, Page } from 'playwright-core';

/** What a person does with tasks in the inbox. */
export interface TaskPage {
  /** Searches a queue of the inbox, for a case number or an elder, and opens the task of this name. */
  open(queue: 'mine' | 'group' | 'all', name: string, search: string): Promise<void>;
  title(name: string): Locator;
  claim(): Promise<void>;
  /** 办结; resolves when the page says that the task is done. */
  complete(name: string): Promise<void>;
}

export function taskPage(page: Page): TaskPage {
  const actions = page.getByRole('group', { name: '任务操作' });
  const title = (name: string): Locator => page.getByRole('heading', { level: 1, name, exact: true });
  return {
    title,
    async open(queue, name, search) {
      await page.goto(`/inbox?queue=${queue}`);
      const [answer] = await Promise.all([
        page.waitForResponse((response) => new URL(response.url()).searchParams.get('search') === search),
        page.getByRole('searchbox', { name: '搜索老人、工单号、任务' }).fill(search),
      ]);
      const { items } = (await answer.json()) as { items: { id: string; name: string }[] };
      const task = items.find((item) => item.name === name);
      if (!task)
        throw new Error(`Expected a task ${name} for ${search} in ${queue}, but there are: ${items.map((item) => item.name).join(', ')}`);
      await page.locator(`a[href^="/inbox/${task.id}"]`).click();
      await title(name).waitFor();
    },
    async claim() {
      await actions.getByRole('button', { name: '认领' }).click();
      await actions.getByRole('button', { name: '办结' }).waitFor();
    },
    async complete(name) {
      await actions.getByRole('button', { name: '办结' }).click();
      await page.getByText(`“${name}”已办结`).waitFor();
    },
  };
}

/** Folds the pop-ups of waiting alerts, as somebody does who has other work on the page. */
export async function foldAlerts(page: Page): Promise<void> {
  await page.getByRole('region', { name: '实时预警' }).getByRole('button', { name: '收起', exact: true }).click();
}

import type { Locator, Page } from 'playwright-core';

/** What a person does with tasks in the inbox. */
export interface TaskPage {
  /** Opens a task of a case from a queue of the inbox, by what its card says. */
  open(queue: 'mine' | 'group' | 'all', ...words: string[]): Promise<void>;
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
    async open(queue, ...words) {
      await page.goto(`/inbox?queue=${queue}`);
      const cards = page.getByRole('region', { name: '待办列表' }).getByRole('link');
      await words
        .reduce((found, word) => found.filter({ hasText: word }), cards)
        .first()
        .click();
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

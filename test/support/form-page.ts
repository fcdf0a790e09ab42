import type { Locator, Page } from 'playwright-core';

/** The form on a page, filled in as a person does: by what is visible, through the widgets. */
export interface FormPage {
  field(name: string): Locator;
  text(name: string, value: string): Promise<void>;
  /** One of a drop-down. */
  choose(name: string, label: string): Promise<void>;
  /** One row of a table of candidates. */
  pickRow(name: string, text: string): Promise<void>;
  /** One of the buttons or boxes in sight. */
  tick(name: string, label: string): Promise<void>;
  /** Turns a switch. */
  turn(name: string): Promise<void>;
  /** `2026-11-24 10:00`, in the zone of the browser. */
  time(name: string, value: string): Promise<void>;
  rate(name: string, stars: number): Promise<void>;
  photo(name: string, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void>;
  /** The error under a field. */
  error(name: string): Locator;
}

export function formPage(page: Page): FormPage {
  const field = (name: string): Locator => page.locator(`[data-field="/${name}"]`);
  return {
    field,
    text: (name, value) => field(name).locator('input, textarea').first().fill(value),
    async choose(name, label) {
      await field(name).locator('.el-select__wrapper').click();
      await page.getByRole('option', { name: label, exact: true }).filter({ visible: true }).click();
    },
    pickRow: (name, text) => field(name).getByRole('row').filter({ hasText: text }).getByRole('radio').check(),
    tick: (name, label) => field(name).locator('label', { hasText: label }).click(),
    turn: (name) => field(name).locator('.el-switch').click(),
    async time(name, value) {
      const input = field(name).locator('input');
      await input.fill(value);
      await input.press('Enter');
    },
    rate: (name, stars) =>
      field(name)
        .locator('.el-rate__item')
        .nth(stars - 1)
        .click(),
    async photo(name, file) {
      await field(name).locator('input[type=file]').setInputFiles(file);
      await field(name).locator('img').first().waitFor();
    },
    error: (name) => field(name).locator('p.error'),
  };
}

/** `2026-11-24 10:00`, some minutes from now, in this machine's zone. */
export function minutesFromNow(minutes: number): string {
  const at = new Date(Date.now() + minutes * 60_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const texts = JSON.parse(readFileSync(new URL('../../console/src/i18n/zh-CN.json', import.meta.url), 'utf8')) as Record<string, string>;
const namespaces = [...new Set(Object.keys(texts).map((key) => key.split('.')[0]))];
const KEY = String.raw`\b(?:${namespaces.join('|')})\.[a-zA-Z][\w-]*(?:\.[\w-]+)*\b`;

const axeSource = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

/** What reaches beyond the window to the right, and every box that scrolls sideways. The paper of a diagram may, and strips of tabs may be swiped. */
export function sidewaysScroll(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const nameOf = (element: Element): string =>
      `${element.tagName.toLowerCase()}.${String(element.getAttribute('class') ?? '').split(' ')[0]}`;
    const boxes = [...document.querySelectorAll('body *')].filter(
      (box) =>
        box.scrollWidth > box.clientWidth + 1 &&
        /auto|scroll/.test(getComputedStyle(box).overflowX) &&
        box.closest('.djs-container, [role=tablist], nav') === null,
    );
    return [
      ...(root.scrollWidth > root.clientWidth ? [`page ${root.scrollWidth} > ${root.clientWidth}`] : []),
      ...boxes.map((box) => `${nameOf(box)} ${box.scrollWidth} > ${box.clientWidth}`),
    ];
  });
}

/** Texts, labels and placeholders that are the key of a message instead of the message. */
export function missingTexts(page: Page): Promise<string[]> {
  return page.evaluate((pattern) => {
    const labels = [...document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')].flatMap((element) =>
      ['aria-label', 'title', 'placeholder', 'alt'].map((name) => element.getAttribute(name) ?? ''),
    );
    return [document.title, document.body.innerText, ...labels].flatMap((text) => text.match(new RegExp(pattern, 'g')) ?? []);
  }, KEY);
}

interface AxeFinding {
  id: string;
  impact: string | null;
  nodes: { html: string; failureSummary: string }[];
}

/** Serious and critical findings of axe-core, one line each with the first place. It comes in past the page's policy, by the debugger. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: AxeFinding[]; passes: unknown[] }> } };
    const { violations, passes } = await axe.run();
    if (passes.length < 10) throw new Error(`Expected axe-core to check the page, but only ${passes.length} rules applied`);
    return violations;
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id} ×${nodes.length}: ${nodes[0]?.html.slice(0, 160)} ${nodes[0]?.failureSummary.replaceAll(/\s+/g, ' ').slice(0, 240)}`,
    );
}

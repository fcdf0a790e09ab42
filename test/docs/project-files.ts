import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What is built, installed, made by running, or somebody's own. */
const FOREIGN = new Set(['node_modules', 'dist', 'data', 'output', '.git']);

export const textOf = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');

/** Paths from the root of all files under a folder (`''` = the whole project) that the pattern fits, sorted. */
export function filesUnder(folder: string, pattern: RegExp): string[] {
  return readdirSync(`${ROOT}${folder}`, { withFileTypes: true })
    .filter(({ name }) => !FOREIGN.has(name))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return filesUnder(path, pattern);
      return pattern.test(path) ? [path] : [];
    })
    .sort();
}

/** The cells of every table row of a page, without its header and ruler. */
export function tableRows(markdown: string): string[][] {
  const lines = markdown.split('\n');
  return lines
    .filter((line, at) => line.startsWith('|') && !/^\|[-| ]+\|$/.test(line) && !/^\|[-| ]+\|$/.test(lines[at + 1] ?? ''))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

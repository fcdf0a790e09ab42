import { fileURLToPath } from 'node:url';

export interface CoverageRow {
  /** Element and position. */
  position: string;
  /** Tests of the core that visit it, from the project's root. */
  files: string[];
  /** Random processes that visit it. */
  runs: number;
}

export const coverageFile = fileURLToPath(new URL('../../docs/bpmn-coverage.md', import.meta.url));

/** The document, as it is written and compared. */
export function bpmnCoverage(rows: readonly CoverageRow[], runs: number): string {
  const lines = rows.map(({ position, files, runs: visits }) => `| ${position} | ${files.map(linkTo).join(', ')} | ${visits} |`);
  return `# What of BPMN runs, and which tests show it

Made by \`npm run docs:bpmn-coverage\` from the element registry (\`engine/core/elements/registry.ts\`), the events that may stand at each place (\`engine/definitions/compile-events.ts\`) and a run of the tests: an element counts where it came to its end. The last column: in how many of ${runs} random processes with a known path (\`test/random\`) it did.

| element / position | tested by | random |
|---|---|---|
${lines.join('\n')}
`;
}

function linkTo(file: string): string {
  return `[${file.split('/').at(-1)?.replace('.test.ts', '')}](../${file})`;
}

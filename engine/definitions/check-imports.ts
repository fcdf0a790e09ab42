import { many, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';
import { problem } from './problem.ts';
import type { Problem } from './problem.ts';
import { bpmnFile } from './bpmn-file.ts';
import { readBpmn } from './read-bpmn.ts';

const BPMN = 'http://www.omg.org/spec/BPMN/20100524/MODEL';

/** The content of another file of the deployment by its name; undefined when it is not there. */
export type OtherFile = (name: string) => string | undefined;

/**
 * The BPMN files that a file imports, directly or not, as far as the deployment has them; nothing is ever fetched.
 * Imported files are read for what they name, not deployed: each is a file of its own for that.
 */
export async function loadImports(definitions: ModdleElement, other: OtherFile): Promise<{ files: ModdleElement[]; problems: Problem[] }> {
  const files: ModdleElement[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const open = [definitions];
  for (let file = open.shift(); file; file = open.shift()) {
    for (const { location, namespace } of importsOf(file)) {
      if (seen.has(location)) continue;
      seen.add(location);
      const found = await load(location, other);
      if (found === 'missing') problems.push(problem(null, 'IMPORT_MISSING', { location }));
      const clash =
        found === 'missing' || found === 'remote'
          ? namespace === text(definitions, 'targetNamespace')
          : clashes(found, [definitions, ...files]);
      if (clash) problems.push(problem(null, 'IMPORT_ID_CLASH', { location }));
      if (found === 'missing' || found === 'remote') continue;
      files.push(found);
      open.push(found);
    }
  }
  return { files, problems };
}

function importsOf(definitions: ModdleElement): { location: string; namespace: string | undefined }[] {
  return many(definitions, 'imports').flatMap((each) => {
    const location = text(each, 'location');
    return location !== undefined && text(each, 'importType') === BPMN ? [{ location, namespace: text(each, 'namespace') }] : [];
  });
}

async function load(location: string, other: OtherFile): Promise<ModdleElement | 'missing' | 'remote'> {
  if (/^\w+:\/\//.test(location)) return 'remote';
  const xml = other(location);
  return (xml === undefined ? null : (await readBpmn(xml)).definitions) ?? 'missing';
}

/** An id must be unique in its namespace, also across files. */
function clashes(file: ModdleElement, others: ModdleElement[]): boolean {
  const rivals = others.filter((other) => text(other, 'targetNamespace') === text(file, 'targetNamespace'));
  const ids = new Set(rivals.flatMap(idsOf));
  return idsOf(file).some((id) => ids.has(id));
}

const idsOf = (file: ModdleElement): string[] => bpmnFile(file).elements.flatMap(({ id }) => (id === undefined ? [] : [id]));

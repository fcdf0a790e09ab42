import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '#engine/log.ts';
import type { DeployInput, RepositoryService } from '#engine/services/contract.ts';
import { addSla, type SlaRow } from '#engine/store/sla-store.ts';
import type { Batcher } from '#engine/store/unit-of-work.ts';
import slaClasses from './data/sla-classes.json' with { type: 'json' };

export interface StandardContext {
  repository: Pick<RepositoryService, 'deploy'>;
  batcher: Batcher;
  /** The folder that holds `processes/` and `forms/`. */
  root: string;
  log: Logger;
}

/**
 * Brings the standard content up to date: SLA classes, and each process with its decisions and forms as one deployment that
 * no district owns. A process gets a new version only when one of its files changed; an edited SLA row stays.
 * @throws RequestError 400 `DEPLOYMENT_REFUSED`
 */
export async function seedStandard(context: StandardContext): Promise<void> {
  await context.batcher.run({ key: 'seed', name: 'seed-sla' }, function* (writes) {
    for (const row of standardSla()) addSla(writes, row);
  });
  for (const { name, resources } of await standardDeployments(context.root)) {
    const { processDefinitions, forms } = await context.repository.deploy({
      name,
      source: 'songbai',
      tenant: null,
      resources,
      duplicateFiltering: true,
      actor: { id: null, kind: 'engine' },
    });
    const versions = processDefinitions.map(({ key, version }) => `${key}:${version}`);
    if (versions.length + forms.length > 0)
      context.log.info({ deployment: name, versions, forms: forms.length }, 'standard content deployed');
  }
}

/** E0 … N4 with the time limit of every step, as rows of the shared standard. */
export function standardSla(): SlaRow[] {
  return Object.entries(slaClasses).flatMap(([code, { name, steps }]) =>
    Object.entries(steps).map(([step, duration]): SlaRow => ({ tenant: '', code, step, duration, clock: 'C7', name })),
  );
}

type Resource = DeployInput['resources'][number];

const FORM_KEY = /camunda:formKey="([a-z0-9-]+)"/g;

/** One deployment per process folder, with the forms its diagram names; forms that no process names come together at the end. */
async function standardDeployments(root: string): Promise<{ name: string; resources: Resource[] }[]> {
  const loose = new Set(await formKeys(root));
  const deployments: { name: string; resources: Resource[] }[] = [];
  for (const key of await folders(join(root, 'processes'))) {
    const resources = await resourcesIn(root, join('processes', key), /\.(bpmn|dmn)$/);
    const diagrams = resources
      .filter((resource) => resource.name.endsWith('.bpmn'))
      .map((resource) => new TextDecoder().decode(resource.content));
    const named = new Set(diagrams.flatMap((xml) => [...xml.matchAll(FORM_KEY)].map(([, form]) => form as string)));
    for (const form of [...named].sort()) {
      loose.delete(form);
      resources.push(...(await resourcesIn(root, join('forms', form), /\.json$/)));
    }
    if (resources.length > 0) deployments.push({ name: `songbai/${key}`, resources });
  }
  const rest: Resource[] = [];
  for (const form of loose) rest.push(...(await resourcesIn(root, join('forms', form), /\.json$/)));
  return [...deployments, { name: 'songbai/forms', resources: rest }];
}

async function formKeys(root: string): Promise<string[]> {
  const keys: string[] = [];
  for (const key of await folders(join(root, 'forms'))) {
    if ((await readdir(join(root, 'forms', key))).includes('schema.json')) keys.push(key);
  }
  return keys;
}

async function folders(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Resource names are paths with `/`, the same on every system. */
async function resourcesIn(root: string, folder: string, files: RegExp): Promise<Resource[]> {
  const names = (await readdir(join(root, folder))).filter((name) => files.test(name)).sort();
  return Promise.all(
    names.map(async (name) => ({
      name: `${folder.replaceAll('\\', '/')}/${name}`,
      content: new Uint8Array(await readFile(join(root, folder, name))),
    })),
  );
}

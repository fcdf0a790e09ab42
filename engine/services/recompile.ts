import { InvariantError } from '#engine/errors.ts';
import { resourceContent, resourcesOf, saveCompiledModel, type DecisionRow, type DefinitionRow } from '#engine/store/definition-store.ts';
import type { Store } from '#engine/store/open-store.ts';
import { COMPILER_VERSION } from './compiler-version.ts';
import { importsOf, isDmnFile, type DeploymentCompilers } from './prepare-deployment.ts';

/** After an upgrade: the stored source through today's compiler, kept under the definition's model hash. */
export async function recompileProcess(store: Store, compilers: DeploymentCompilers, row: DefinitionRow): Promise<void> {
  const { models } = await compilers.storedProcesses(await sourceOf(store, row));
  await keep(store, row, models.find(({ model }) => model.key === row.key)?.model);
}

export async function recompileDecision(store: Store, compilers: DeploymentCompilers, row: DecisionRow): Promise<void> {
  const names = (await store.query(resourcesOf(row.deploymentId))).map(({ name }) => name).filter((name) => name !== row.resource && isDmnFile(name));
  const others = await Promise.all(names.map(async (name) => ({ name, content: Buffer.from(await sourceOf(store, { ...row, resource: name })) })));
  const xml = await sourceOf(store, row);
  const { models } = await compilers.decisions(xml, importsOf(xml, others));
  await keep(store, row, models.find(({ key }) => key === row.key));
}

async function sourceOf(store: Store, { deploymentId, resource }: DecisionRow): Promise<string> {
  const content = await store.query(resourceContent(deploymentId, resource));
  if (!content) throw new InvariantError(`Expected resource ${resource} of deployment ${deploymentId}, but it is not stored`);
  return Buffer.from(content).toString('utf8');
}

async function keep(store: Store, { key, version, modelHash }: DecisionRow, model: object | undefined): Promise<void> {
  if (!model) throw new InvariantError(`Expected ${key} version ${version} to compile as it did when it was deployed, but it does not`);
  await store.batcher.run({ key: `model:${modelHash}`, name: 'recompile' }, function* (writes) {
    saveCompiledModel(writes, { hash: modelHash, compiler: COMPILER_VERSION, json: JSON.stringify(model) });
  });
}

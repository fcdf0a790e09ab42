import { notFound, RequestError } from '#engine/errors.ts';
import { definitionById, latestDeployment, resourceContent, resourcesOf } from '#engine/store/definition-store.ts';
import type { ServiceContext } from './context.ts';
import type { DeployInput, DeploymentProblem, DeploymentResult, RepositoryService } from './contract.ts';
import { suspendDefinitions } from './definition-suspension.ts';
import { deleteDefinition, deleteDeployment } from './delete-definitions.ts';
import { contentHash, definitionInfo } from './definition-info.ts';
import { formKeyOf, prepareDeployment, type DeploymentCompilers, type Prepared } from './prepare-deployment.ts';
import { recordDeployment } from './record-deployment.ts';

/** Camunda's RepositoryService. A deployment is all or nothing: one error in one file refuses it as a whole. */
export function createRepositoryService(context: ServiceContext, compilers: DeploymentCompilers): RepositoryService {
  const { store, definitions, decisions } = context;

  return {
    async deploy(input) {
      const tenant = input.tenant ?? '';
      const wanted = await withoutUnchanged(input, tenant);
      if (!wanted) return { ...(await existingDeployment(input, tenant)) };
      const prepared = await prepareDeployment(context, compilers, { ...input, resources: wanted });
      const warnings = refuseErrors(prepared, input);
      const result = await store.batcher.run({ key: `deploy:${tenant}`, name: 'deploy' }, (writes) => recordDeployment(context, writes, { ...input, resources: wanted }, prepared));
      definitions.forgetLatest();
      decisions.forgetLatest();
      return { ...result, warnings };
    },
    async latest(key, tenant) {
      return definitionInfo((await store.query(definitions.latest(key, tenant))).row);
    },
    async byId(id) {
      const { row } = await store.query(definitions.byId(id));
      if (row.isDeleted) throw notFound('process definition', id);
      await store.query(context.settings.ensure([id]));
      return { ...definitionInfo(row), suspended: context.settings.isSuspended(id) };
    },
    suspend: (input) => suspendDefinitions(context, input),
    deleteDefinition: (id, options) => deleteDefinition(context, id, options),
    deleteDeployment: (id, options) => deleteDeployment(context, id, options),
    async xml(id) {
      const row = await store.query(definitionById(id));
      const content = row ? await store.query(resourceContent(row.deploymentId, row.resource)) : null;
      if (!content) throw notFound('process definition', id);
      return Buffer.from(content).toString('utf8');
    },
  };

  /** Camunda's duplicate filtering; null = nothing is new. */
  async function withoutUnchanged({ name, resources, duplicateFiltering, changedOnly }: DeployInput, tenant: string): Promise<DeployInput['resources'] | null> {
    if (!duplicateFiltering && !changedOnly) return resources;
    const latest = await store.query(latestDeployment(name, tenant));
    if (!latest) return resources;
    const known = new Map((await store.query(resourcesOf(latest.id))).map((resource) => [resource.name, resource.hash]));
    const changed = resources.filter((resource) => known.get(resource.name) !== contentHash(resource.content));
    if (changed.length === 0) return null;
    if (!changedOnly) return resources;
    // A form is made of its four files, so one that changed brings the others.
    const forms = new Set(changed.map((resource) => formKeyOf(resource.name)));
    return resources.filter((resource) => changed.includes(resource) || (formKeyOf(resource.name) !== null && forms.has(formKeyOf(resource.name))));
  }

  async function existingDeployment({ name }: DeployInput, tenant: string): Promise<DeploymentResult> {
    const latest = await store.query(latestDeployment(name, tenant));
    if (!latest) throw notFound('deployment', name ?? '');
    return { id: latest.id, name: latest.name, source: latest.source, tenant: latest.tenant || null, deployedAt: latest.createdAt, processDefinitions: [], decisionDefinitions: [], forms: [], warnings: [] };
  }
}

/** @returns the warnings, when there is nothing worse */
function refuseErrors({ problems }: Prepared, { locale = 'zh-CN' }: DeployInput): DeploymentProblem[] {
  const listed = problems.map(({ resource, problem: { elementId, code, severity, messages } }) => ({ resource, elementId, code, severity, message: messages[locale] }));
  const errors = listed.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (!first) return listed;
  const more = errors.length > 1 ? ` (+${errors.length - 1})` : '';
  throw new RequestError(400, 'DEPLOYMENT_REFUSED', `${first.resource}: ${first.message}${more}`, { problems: [...errors, ...listed.filter((each) => !errors.includes(each))] });
}

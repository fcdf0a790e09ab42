import { Failure, NotLoaded } from '#engine/core/failure.ts';
import type { ProcessModel } from '#engine/core/model.ts';
import type { DefinitionQuery } from '#engine/core/ports.ts';
import { notFound } from '#engine/errors.ts';
import { compiledModel, definitionById, findDefinition, type DefinitionRow, type VersionQuery } from '#engine/store/definition-store.ts';
import { RunAgain } from '#engine/store/rerun.ts';
import type { Work } from '#engine/store/unit-of-work.ts';

export interface CachedDefinition {
  row: DefinitionRow;
  model: ProcessModel;
}

/**
 * Compiled definitions in memory. A definition never changes, so its model is kept; which version is the latest is asked
 * again after `freshMs`, because another node may have deployed.
 */
export interface DefinitionCache {
  /** @throws NotLoaded */
  model(id: number): ProcessModel;
  /** @throws NotLoaded, Failure `DEFINITION_NOT_FOUND` */
  find(query: DefinitionQuery): { id: number; model: ProcessModel };
  ensureLoaded(ids: readonly number[]): Work<void>;
  load(what: NotLoaded['what']): Work<void>;
  byId(id: number): Work<CachedDefinition>;
  /** The district's own latest version, else the shared one. @throws RequestError 404 */
  latest(key: string, tenant: string): Work<CachedDefinition>;
  /** After a deployment on this node. */
  forgetLatest(): void;
  /** After a change of the row on this node: it was suspended, activated or deleted. */
  changed(id: number): void;
}

export interface DefinitionCacheOptions {
  /** How long "latest" may be remembered, in ms; Infinity when this is the only node. */
  freshMs: number;
  compilerVersion: number;
  /** Compiles the definition's source again and stores the model: after an upgrade of the compiler. */
  recompile(row: DefinitionRow): Promise<void>;
}

const MAX_MODELS = 2_000;

export function createDefinitionCache({ freshMs, compilerVersion, recompile }: DefinitionCacheOptions): DefinitionCache {
  const byId = new Map<number, CachedDefinition>();
  const answers = new Map<string, { id: number | null; at: number }>();

  function* loadById(id: number): Work<CachedDefinition> {
    const known = byId.get(id);
    if (known) return known;
    const row = yield* definitionById(id);
    if (!row) throw notFound('process definition', id);
    return yield* keep(row);
  }

  function* keep(row: DefinitionRow): Work<CachedDefinition> {
    const known = byId.get(row.id);
    if (known) {
      // Another node may have suspended it.
      known.row = row;
      return known;
    }
    const json = yield* compiledModel(row.modelHash, compilerVersion);
    if (json === null) throw new RunAgain(`the compiled model of ${row.key} version ${row.version}`, recompile(row));
    const cached = { row, model: JSON.parse(json) as ProcessModel };
    if (byId.size >= MAX_MODELS) byId.delete(byId.keys().next().value ?? 0);
    byId.set(row.id, cached);
    return cached;
  }

  function* search(key: string, tenant: string, query: VersionQuery): Work<CachedDefinition | null> {
    const name = answerKey(key, tenant, query);
    const answer = answers.get(name);
    if (answer && performance.now() - answer.at < freshMs && (answer.id === null || byId.has(answer.id))) {
      return answer.id === null ? null : (byId.get(answer.id) ?? null);
    }
    const row = yield* findDefinition(key, tenant, query);
    const cached = row ? yield* keep(row) : null;
    answers.set(name, { id: cached?.row.id ?? null, at: performance.now() });
    return cached;
  }

  return {
    model(id) {
      const cached = byId.get(id);
      if (!cached) throw new NotLoaded({ kind: 'definition', key: `#${id}` });
      return cached.model;
    },
    find(query) {
      const version = versionQuery(query, byId.get(query.callerDefinitionId)?.row.deploymentId);
      const answer = answers.get(answerKey(query.key, query.tenant, version));
      if (!answer || performance.now() - answer.at >= freshMs || (answer.id !== null && !byId.has(answer.id)))
        throw new NotLoaded({ kind: 'definition', key: JSON.stringify([query.key, query.tenant, version]) });
      const cached = answer.id === null ? undefined : byId.get(answer.id);
      if (!cached) throw new Failure('DEFINITION_NOT_FOUND', `Expected a process ${query.key} (${version.kind}) for tenant ${query.tenant}, but none is deployed`);
      if (cached.row.isSuspended) throw new Failure('DEFINITION_SUSPENDED', `Expected process ${query.key} version ${cached.row.version} to be active, but it is suspended`);
      return { id: cached.row.id, model: cached.model };
    },
    *ensureLoaded(ids) {
      for (const id of ids) if (!byId.has(id)) yield* loadById(id);
    },
    *load(what) {
      if (what.key.startsWith('#')) {
        yield* loadById(Number(what.key.slice(1)));
        return;
      }
      const [key, tenant, version] = JSON.parse(what.key) as [string, string, VersionQuery];
      yield* search(key, tenant, version);
    },
    byId: loadById,
    *latest(key, tenant) {
      const cached = yield* search(key, tenant, { kind: 'latest' });
      if (!cached) throw notFound('process definition with key', key);
      return cached;
    },
    forgetLatest() {
      answers.clear();
    },
    changed(id) {
      byId.delete(id);
      answers.clear();
    },
  };
}

function answerKey(key: string, tenant: string, query: VersionQuery): string {
  switch (query.kind) {
    case 'latest':
      return `${tenant}|${key}|latest`;
    case 'version':
      return `${tenant}|${key}|v${query.version}`;
    case 'versionTag':
      return `${tenant}|${key}|t${query.versionTag}`;
    case 'deployment':
      return `${tenant}|${key}|d${query.deploymentId}`;
  }
}

function versionQuery({ binding }: DefinitionQuery, callerDeployment: number | undefined): VersionQuery {
  if (binding.kind !== 'deployment') return binding;
  if (callerDeployment === undefined) throw new Failure('DEFINITION_NOT_FOUND', 'Expected the calling definition to be loaded, but its deployment is unknown');
  return { kind: 'deployment', deploymentId: callerDeployment };
}

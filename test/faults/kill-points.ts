/** A place in a production file at which a server process can be made to kill itself. */
export interface KillSite {
  /** Path in the repository. */
  file: string;
  /** Stands exactly once in the file; the kill is put right before or after it, where a statement may stand. */
  text: string;
  place: 'before' | 'after';
  /** Only when this holds, over the variables that are in scope there. */
  when?: string;
  /** The text is an expression that gives a promise; the kill follows when it is settled. */
  isPromise?: true;
  /** Done before dying, e.g. to leave the database in the middle of a transaction. */
  first?: string;
}

export interface KillPoint {
  name: string;
  /** One place for both databases, or one for each. */
  site: KillSite | { sqlite: KillSite; mariadb: KillSite };
  /** When or by what it is reached; everything else happens all the time. */
  needs?: 'deployment' | 'empty database' | 'old history';
}

const lane = (when: string, first: string): KillSite => ({
  file: 'engine/store/dialect/mysql-lane.ts',
  text: "VALUES ('${txId}', ${expected}, @hit, ${now()})`;",
  place: 'after',
  when,
  first,
});

/** Everything up to COMMIT has reached the server. */
const ALL_WRITTEN = 'await query(body);';
const afterCommit: KillSite['text'] = 'await transaction(`${body};COMMIT`);';
const hasStatement = (start: string) => `statements.some((each) => each.startsWith('${start}'))`;
/** The transaction is open and stands after the first statement that begins so. */
const upTo = (start: string) =>
  `await query(['START TRANSACTION', 'SET @hit = 0', ...statements.slice(0, 1 + statements.findIndex((each) => each.startsWith('${start}')))].join(';'));`;
const started = "group.some(({ options }) => options.name === 'instance.start')";

const sqliteWrite = (kind: string, table: string): KillSite => ({
  file: 'engine/store/dialect/sqlite.ts',
  text: 'changes = statementOf(shape.statement, rows).run(...values).changes;',
  place: 'after',
  when: `write.kind === '${kind}' && write.table === '${table}'`,
});

/** The points of reliability.md §2.3 that the engine has. */
export const killPoints: readonly KillPoint[] = [
  {
    name: 'start:before-insert',
    site: { file: 'engine/services/start.ts', text: 'const { result, root } = yield* runCommand(context, writes, {', place: 'before' },
  },
  {
    name: 'start:after-insert',
    site: {
      sqlite: sqliteWrite('insert', 'process_instance'),
      mariadb: lane(hasStatement('INSERT INTO process_instance '), upTo('INSERT INTO process_instance ')),
    },
  },
  {
    name: 'start:before-commit',
    site: {
      sqlite: { file: 'engine/store/batcher-sqlite.ts', text: 'commit.run();', place: 'before', when: started },
      mariadb: lane(hasStatement('INSERT INTO process_instance '), ALL_WRITTEN),
    },
  },
  {
    name: 'start:after-commit-before-response',
    site: {
      sqlite: { file: 'engine/store/batcher-sqlite.ts', text: 'commit.run();', place: 'after', when: started },
      mariadb: {
        file: 'engine/store/dialect/mysql-lane.ts',
        text: afterCommit,
        place: 'after',
        when: hasStatement('INSERT INTO process_instance '),
      },
    },
  },
  {
    name: 'complete:after-task-delete',
    site: { sqlite: sqliteWrite('delete', 'task'), mariadb: lane(hasStatement('DELETE FROM task '), upTo('DELETE FROM task ')) },
  },
  {
    name: 'complete:mid-parallel-fork',
    site: {
      file: 'engine/core/behaviors/take-flow.ts',
      text: 'enterElement(run, state, model, { element: flow.target, scope, flow: flow.index, thrower });',
      place: 'after',
      when: 'flows.length > 1',
    },
  },
  {
    name: 'join:last-token',
    site: {
      file: 'engine/core/behaviors/join.ts',
      text: "emit(run, state, { instance: state.id, type: 'GatewayJoined', gateway: gateway.index, scope, flows: gateway.incoming });",
      place: 'after',
    },
  },
  {
    name: 'job:after-acquire',
    site: {
      file: 'engine/store/job-store.ts',
      text: 'return store.query(acquired(jobs, lease));',
      place: 'before',
      when: 'jobs.length > 0',
    },
  },
  {
    name: 'job:after-execute-before-commit',
    site: { file: 'engine/services/jobs.ts', text: 'yield* executeOne(context, writes, job.id, loaded, ENGINE);', place: 'after', when: 'loaded' },
  },
  {
    name: 'job:after-commit-before-unlock',
    site: { file: 'engine/jobs/job-executor.ts', text: 'await options.execute(job);', place: 'after' },
  },
  {
    name: 'timer:after-fire',
    site: {
      file: 'engine/core/commands/execute-job.ts',
      text: 'else triggerEvent(run, state, job, NO_PAYLOAD);',
      place: 'after',
    },
  },
  {
    name: 'extTask:after-fetchAndLock-before-response',
    site: {
      file: 'engine/services/fetch-and-lock.ts',
      text: 'if (tasks.length > 0 || deadline <= performance.now() || signal?.aborted) {',
      place: 'before',
      when: 'tasks.length > 0',
    },
  },
  {
    name: 'extTask:complete-after-commit',
    site: {
      file: 'engine/services/external-tasks.ts',
      text: "await command(id, workerId, 'complete', (root, ports, by) => completeExternalTask({ taskId: id, workerId, variables, localVariables }, root, ports, by), actor);",
      place: 'after',
    },
  },
  {
    name: 'message:after-match',
    site: {
      file: 'engine/services/correlate.ts',
      text: 'const results: CorrelateResult[] = [];\n  for (const subscriptions',
      place: 'before',
      when: 'waiting.length > 0',
    },
  },
  {
    name: 'multiInstance:after-k-of-n',
    site: {
      file: 'engine/core/behaviors/multi-instance.ts',
      text: 'advance(body, completed, loop.active - 1);',
      place: 'after',
    },
  },
  {
    name: 'callActivity:after-child-start',
    site: {
      file: 'engine/core/behaviors/call-process.ts',
      text: '    area: state.area,\n    variables,\n  });',
      place: 'after',
    },
  },
  {
    name: 'callActivity:after-child-end',
    site: {
      file: 'engine/core/behaviors/call-process.ts',
      text: 'if (!called) return;',
      place: 'after',
    },
  },
  {
    name: 'outbox:after-send-before-mark',
    site: {
      file: 'engine/services/deliver-signal.ts',
      text: "await store.batcher.run({ key: `outbox:${id}`, name: 'signal.delivered' }",
      place: 'before',
    },
  },
  {
    name: 'migration:after-each-step',
    site: { file: 'engine/store/migrate.ts', text: 'migration.up(connection)', place: 'after', isPromise: true },
    needs: 'empty database',
  },
  {
    name: 'deployment:after-resource-insert',
    site: { sqlite: sqliteWrite('insert', 'resource'), mariadb: lane(hasStatement('INSERT INTO resource '), upTo('INSERT INTO resource ')) },
    needs: 'deployment',
  },
  {
    name: 'historyCleanup:mid-batch',
    site: { sqlite: sqliteWrite('delete', 'event'), mariadb: lane(hasStatement('DELETE FROM event '), upTo('DELETE FROM event ')) },
    needs: 'old history',
  },
];

/** Points of §2.3 whose feature the engine does not have. */
export const missingKillPoints: Readonly<Record<string, string>> = {
  'backup:mid': 'a backup is made with the tools of the database',
};

export function siteOf({ site }: KillPoint, database: 'SQLite' | 'MariaDB'): KillSite {
  if ('file' in site) return site;
  return database === 'SQLite' ? site.sqlite : site.mariadb;
}

/** Every place of both databases. */
export function allSites(): { point: string; site: KillSite }[] {
  return killPoints.flatMap((point) =>
    'file' in point.site
      ? [{ point: point.name, site: point.site }]
      : [
          { point: point.name, site: point.site.sqlite },
          { point: point.name, site: point.site.mariadb },
        ],
  );
}

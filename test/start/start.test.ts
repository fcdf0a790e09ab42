import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runNode, type Command } from '#test/support/command.ts';
import { temporaryFolder } from '#test/support/dialects.ts';

const READY = /^songbai ready (http:\/\/127\.0\.0\.1:\d+) \(node (\S+), database (\S+), (\d+\.\d) s\)$/m;
const ENGINE = ['--disable-proto=delete', '--disable-warning=ExperimentalWarning', 'engine/main.ts'];
/** The goal is 5 s; a busy machine gets twice that. */
const SECOND_START_S = 10;

const quiet = (dataDir: string) => ({ SONGBAI_DATA_DIR: dataDir, SONGBAI_PORT: '0', SONGBAI_MQTT_PORT: '0', SONGBAI_LOG_LEVEL: 'silent' });

describe('npm start', function () {
  this.timeout(120_000);
  const running: Command[] = [];
  before(async () => {
    const setup = (await import(new URL('../../scripts/setup.mjs', import.meta.url).href)) as { isInstalled(): boolean };
    if (!setup.isInstalled()) throw new Error('Expected node_modules to be those of package-lock.json, but they are not, and installing under a running test breaks it: run npm test');
  });
  afterEach(async () => {
    for (const { child } of running) child.kill('SIGTERM');
    await Promise.all(running.splice(0).map(({ ended }) => ended));
  });

  function start(env: Record<string, string>): Command {
    const command = runNode(['scripts/start.mjs'], env);
    running.push(command);
    return command;
  }

  it('tells where it listens, stops cleanly on Ctrl-C, and starts again in seconds', async () => {
    // given
    const dataDir = temporaryFolder();
    const first = start({ ...quiet(dataDir), SONGBAI_NODE_ID: 'front-desk' });
    // when
    const [, url, node, database] = await first.says(READY);
    const health = await fetch(`${url}/readyz`);
    await first.says(/^demo accounts, password songbai-demo: .*\bdispatcher\b/m);
    first.child.kill('SIGINT');
    const code = await first.ended;
    // then
    assert.deepEqual([node, database, health.status], ['front-desk', 'sqlite', 200]);
    assert.deepEqual([code, first.stderr()], [0, '']);
    assert.match(first.stdout(), /songbai stopping \(SIGINT\)\nsongbai stopped\n$/);
    // when
    const began = performance.now();
    const second = start(quiet(dataDir));
    await second.says(READY);
    const seconds = (performance.now() - began) / 1000;
    // then
    process.stdout.write(`      second start: ${seconds.toFixed(1)} s\n`);
    assert.ok(seconds <= SECOND_START_S, `second start took ${seconds.toFixed(1)} s`);
    // when: a second engine on the same file
    const other = start(quiet(dataDir));
    // then
    assert.equal(await other.ended, 1);
    assert.match(other.stderr(), /^songbai: Expected to be the only engine on \S+, but node \S+ \(process \d+ on \S+\) is using it; [^\n]+\n$/);
  });

  it('starts without the demo: standard content, and no account', async () => {
    const dataDir = temporaryFolder();
    const server = start({ ...quiet(dataDir), SONGBAI_SEED: 'empty', SONGBAI_NODE_RED: 'off' });
    const [, url] = await server.says(READY);
    const login = await fetch(`${url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username: 'admin', password: 'songbai-demo' }) });
    assert.equal(login.status, 401);
    assert.deepEqual(await (await fetch(`${url}/api/demo-accounts`)).json(), []);
    assert.doesNotMatch(server.stdout(), /songbai-demo/);
    const db = new DatabaseSync(path.join(dataDir, 'songbai.sqlite'), { readOnly: true });
    const count = (table: string) => Number(db.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get()?.['n']);
    assert.deepEqual([count('account'), count('api_client'), count('process_instance')], [0, 0, 0]);
    assert.ok(count('process_definition') > 0 && count('form_definition') > 0);
    db.close();
  });

  it('hands on the exit code when the server cannot start', async () => {
    const command = start({ ...quiet(temporaryFolder()), SONGBAI_DATABASE_URL: 'postgres://somewhere' });
    assert.equal(await command.ended, 1);
    assert.match(command.stderr(), /^songbai: Expected SONGBAI_DATABASE_URL to be [^\n]+\n$/);
  });

  it('refuses an old Node in one line', async () => {
    const pretend = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.20.4"}})';
    const command = runNode(['--import', pretend, 'scripts/start.mjs']);
    assert.equal(await command.ended, 1);
    assert.equal(command.stderr(), 'songbai: Expected Node 20 or newer, but this is 18.20.4. Install Node 20 (or 24) from nodejs.org and run the command again.\n');
    assert.equal(command.stdout(), '');
  });
});

describe('a server that cannot start', function () {
  this.timeout(60_000);
  let taken: Server;
  let takenPort: string;
  before(async () => {
    taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    takenPort = String((taken.address() as { port: number }).port);
  });
  after(() => void taken.close());

  function aFile(): string {
    const file = path.join(temporaryFolder(), 'file');
    writeFileSync(file, 'not a database, and no folder either; long enough to be read as a header of one hundred bytes, which it is not'.repeat(10));
    return file;
  }

  const cases: [name: string, env: () => Record<string, string>, message: RegExp][] = [
    ['its port is in use', () => ({ SONGBAI_PORT: takenPort }), /Expected port \d+ \(SONGBAI_PORT\) to be free, but another program listens on it/],
    ['its MQTT port is in use', () => ({ SONGBAI_MQTT_PORT: takenPort }), /Expected port \d+ \(SONGBAI_MQTT_PORT\) to be free, but another program listens on it/],
    ['a port is no port', () => ({ SONGBAI_PORT: 'http' }), /Expected SONGBAI_PORT to be a port from 0 to 65535, but it is "http"/],
    ['its data directory cannot be written', () => ({ SONGBAI_DATA_DIR: path.join(aFile(), 'data') }), /Expected the data directory \S+ \(SONGBAI_DATA_DIR\) to be writable, but: ENOTDIR/],
    ['its database URL is none', () => ({ SONGBAI_DATABASE_URL: 'mysql://songbai:geh/eim@:0' }), /Expected SONGBAI_DATABASE_URL to be .*, but it is "mysql:\/\/songbai:\*\*\*@:0"/],
    ['its database file is something else', () => ({ SONGBAI_DATABASE_URL: `sqlite:${aFile()}` }), /Expected \S+ to be a SQLite database, but it is not, or it is damaged/],
    ['its database server cannot be reached', () => ({ SONGBAI_DATABASE_URL: 'mysql://songbai:geheim@127.0.0.1:1/songbai' }), /Expected a database server on 127\.0\.0\.1:1, but it cannot be reached \(ECONNREFUSED\)/],
    ['the demo would be open to the network', () => ({ SONGBAI_HOST: '0.0.0.0', SONGBAI_SEED: 'demo' }), /Expected SONGBAI_SEED=empty when SONGBAI_HOST is not loopback/],
  ];
  for (const [name, env, message] of cases) {
    it(`says in one line that ${name}`, async () => {
      const command = runNode(ENGINE, { ...quiet(temporaryFolder()), SONGBAI_NODE_RED: 'off', SONGBAI_SEED: 'empty', ...env() });
      assert.equal(await command.ended, 1);
      assert.match(command.stderr(), /^songbai: [^\n]+\n$/);
      assert.match(command.stderr(), message);
      assert.doesNotMatch(command.stderr(), /geheim|geh\/eim/);
      assert.equal(command.stdout(), '');
    });
  }

  it('says it last when it logs', async () => {
    const command = runNode(ENGINE, { ...quiet(temporaryFolder()), SONGBAI_SEED: 'empty', SONGBAI_LOG_LEVEL: 'info', SONGBAI_PORT: takenPort });
    assert.equal(await command.ended, 1);
    const lines = command.stderr().trimEnd().split('\n');
    assert.match(lines.pop() ?? '', /^songbai: Expected port/);
    assert.ok(lines.length > 0);
    for (const line of lines) assert.equal(typeof JSON.parse(line), 'object');
  });
});

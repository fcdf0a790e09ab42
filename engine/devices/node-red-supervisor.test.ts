import { strict as assert } from 'node:assert';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { temporaryFolder } from '#test/support/dialects.ts';
import { createNodeRed, type NodeRed } from './node-red.ts';

const log = pino({ level: 'silent' });

describe('flow runtime supervisor', function () {
  this.timeout(30_000);
  let dataDir: string;
  let nodeRed: NodeRed;
  beforeEach(() => void (dataDir = temporaryFolder()));
  afterEach(() => nodeRed.stop());

  /** A runtime that ends at once and keeps what it was told. */
  function crashing(): string {
    const script = join(dataDir, 'crashing.sh');
    writeFileSync(script, `#!/bin/sh\nread line\nprintf '%s\\n' "$line" >> '${dataDir}/told'\nexit 1\n`);
    chmodSync(script, 0o755);
    return script;
  }
  const told = (): { safeMode: boolean; workerId: string; credentialSecret: string }[] =>
    readFileSync(join(dataDir, 'told'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as never);

  describe('when the runtime crashes again and again', () => {
    it('is started without running flows, and every run gives its leases back', async () => {
      // given
      const ended: string[] = [];
      const isSafe = Promise.withResolvers<void>();
      const onEnded = (workerId: string): void => {
        ended.push(workerId);
        if (told().at(-1)!.safeMode) isSafe.resolve();
      };
      nodeRed = createNodeRed({ dataDir, engineUrl: 'http://127.0.0.1:9', token: 't', log, onEnded, nodePath: crashing(), restartAfterMs: [1] });
      // when
      await nodeRed.start();
      await isSafe.promise;
      // then
      assert.deepEqual(told().map(({ safeMode }) => safeMode), [false, false, false, false, true]);
      assert.deepEqual(ended, told().map(({ workerId }) => workerId));
      assert.equal(new Set(ended).size, 5);
    });

    it('keeps one secret, which nobody else may read', async () => {
      nodeRed = createNodeRed({ dataDir, engineUrl: 'http://127.0.0.1:9', token: 't', log, nodePath: crashing(), restartAfterMs: [1] });
      await nodeRed.start();
      assert.equal(readFileSync(join(dataDir, 'node-red.secret'), 'utf8'), told()[0]!.credentialSecret);
      assert.equal(statSync(join(dataDir, 'node-red.secret')).mode & 0o077, 0);
    });
  });

  describe('when the flows cannot be loaded in safe mode', () => {
    it('opens the editor all the same', async () => {
      // given: a flow that ends the process as soon as it runs
      mkdirSync(join(dataDir, 'node-red'));
      const evil = [
        { id: 'tab', type: 'tab', label: 'evil' },
        { id: 'in', type: 'inject', z: 'tab', once: true, onceDelay: '0', props: [{ p: 'payload' }], repeat: '', wires: [['fn']] },
        { id: 'fn', type: 'function', z: 'tab', func: "console.log.constructor('return process')().exit(3)", outputs: 1, wires: [[]] },
      ];
      writeFileSync(join(dataDir, 'node-red', 'flows.json'), JSON.stringify(evil));
      const isSafe = Promise.withResolvers<void>();
      nodeRed = createNodeRed({ dataDir, engineUrl: 'http://127.0.0.1:9', token: 't', log, restartAfterMs: [1], onReady: () => nodeRed.isSafeMode() && isSafe.resolve() });
      // when
      await nodeRed.start();
      await isSafe.promise;
      // then
      const answer = await fetch(`http://127.0.0.1:${nodeRed.port()}/node-red/auth/login`);
      assert.equal(answer.status, 200);
    });
  });
});

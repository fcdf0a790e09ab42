import assert from 'node:assert/strict';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '#test/support/dialects.ts';
import { type Config, ConfigError, readConfig } from './config.ts';

type Setting = Exclude<keyof Config, 'dataDir'>;
type Case = [variable: string, setting: Setting, standard: unknown, good: [text: string, value: unknown][], bad: string[]];

const SWITCH: [string, boolean][] = [
  ['on', true],
  ['off', false],
];
const BAD_PORTS = ['-1', '65536', '80.5', '0x50', 'http', ' '];

/** Null as the standard: it depends on the folder or on chance and has its own test. */
const CASES: readonly Case[] = [
  ['SONGBAI_HISTORY_LEVEL', 'historyLevel', 'full', [['none', 'none'], ['activity', 'activity'], ['audit', 'audit']], ['FULL', 'auto']],
  ['SONGBAI_HISTORY_TIME_TO_LIVE', 'historyTimeToLive', null, [['180', 180], ['P30D', 30]], ['P1Y', '-1', 'long']],
  ['SONGBAI_HISTORY_CLEANUP', 'historyCleanup', { start: 120, end: 300 }, [['off', null], ['22:30-01:00', { start: 1350, end: 60 }]], ['2-5', '24:00-01:00', '02:00']],
  [
    'SONGBAI_PORT',
    'port',
    8080,
    [
      ['0', 0],
      ['65535', 65535],
    ],
    BAD_PORTS,
  ],
  [
    'SONGBAI_HOST',
    'host',
    '127.0.0.1',
    [
      ['::1', '::1'],
      ['localhost', 'localhost'],
    ],
    [],
  ],
  [
    'SONGBAI_DATABASE_URL',
    'databaseUrl',
    null,
    [
      ['sqlite:/tmp/x.sqlite', 'sqlite:/tmp/x.sqlite'],
      ['mysql://u:p@db:3306/songbai', 'mysql://u:p@db:3306/songbai'],
    ],
    ['sqlite:', 'mysql://db', 'postgres://db/songbai', 'songbai'],
  ],
  ['SONGBAI_MQTT_PORT', 'mqttPort', 1883, [['0', 0]], BAD_PORTS],
  [
    'SONGBAI_MQTT_URL',
    'mqttUrl',
    null,
    [['mqtts://broker:8883', 'mqtts://broker:8883']],
    ['broker', 'broker:1883', 'http://broker', 'mqtt://'],
  ],
  ['SONGBAI_NODE_RED', 'nodeRed', true, SWITCH, ['no', 'ON']],
  ['SONGBAI_SEED', 'seed', 'demo', [['empty', 'empty']], ['none']],
  ['SONGBAI_NODE_ID', 'nodeId', null, [['node-1.b_c', 'node-1.b_c']], ['前台', 'front desk', 'a'.repeat(49)]],
  ['SONGBAI_JOBS', 'jobs', true, SWITCH, ['true']],
  [
    'SONGBAI_PLUGINS',
    'plugins',
    ['http-connector'],
    [
      ['off', []],
      ['http-connector, /opt/plugins/sms', ['http-connector', '/opt/plugins/sms']],
    ],
    ['SMS', 'http-connector,', 'http connector'],
  ],
  ['SONGBAI_SECRETS_DIR', 'secretsDir', null, [['/run/secrets', '/run/secrets']], []],
  [
    'SONGBAI_PUBLIC_URL',
    'publicUrl',
    null,
    [
      ['https://care.example', 'https://care.example'],
      ['http://10.0.0.1:8080', 'http://10.0.0.1:8080'],
    ],
    ['care.example', 'care.example:8080', 'ftp://care.example', 'javascript:alert(1)', 'https://', '/console'],
  ],
  [
    'SONGBAI_TRUSTED_PROXIES',
    'trustedProxies',
    0,
    [
      ['0', 0],
      ['2', 2],
    ],
    ['-1', '1.5', 'one', '1e2', 'true', ' '],
  ],
  ['SONGBAI_LOG_LEVEL', 'logLevel', 'info', [['debug', 'debug']], ['loud']],
];

describe('configuration', () => {
  const dataDir = temporaryFolder();
  const read = (env: Record<string, string> = {}) => readConfig({ SONGBAI_DATA_DIR: dataDir, ...env });

  for (const [variable, setting, standard, good, bad] of CASES) {
    describe(variable, () => {
      it('has its standard value when unset or empty', () => {
        for (const config of [read(), read({ [variable]: '' })]) if (standard !== null) assert.deepEqual(config[setting], standard);
      });

      for (const [text, value] of good) it(`takes "${text}"`, () => assert.deepEqual(read({ [variable]: text })[setting], value));

      for (const text of bad) {
        it(`refuses "${text}" in one line that names it`, () => {
          assert.throws(
            () => read({ [variable]: text }),
            (error: unknown) => {
              assert.ok(error instanceof ConfigError);
              assert.match(error.code, /^(CONFIG|DATABASE_URL)_INVALID$/);
              assert.match(error.message, new RegExp(`^Expected ${variable} .*$`));
              return true;
            },
          );
        });
      }
    });
  }

  it('has a test for every setting', () => {
    assert.deepEqual(Object.keys(read()).sort(), ['dataDir', ...CASES.map(([, setting]) => setting)].sort());
  });

  it('is nothing that was not set: no broker, no public address, a database below the data directory, a name by chance', () => {
    const config = read();
    assert.equal(config.mqttUrl, null);
    assert.equal(config.publicUrl, null);
    assert.equal(config.databaseUrl, `sqlite:${dataDir}/songbai.sqlite`);
    assert.match(config.nodeId, /^[0-9a-f]{8}$/);
    assert.notEqual(read().nodeId, config.nodeId);
  });

  it('keeps passwords out of its messages', () => {
    assert.throws(
      () => read({ SONGBAI_MQTT_URL: 'http://gateway:hunter2@broker' }),
      (error: Error) => !error.message.includes('hunter2') && error.message.includes('broker'),
    );
  });

  it('does not open the demo to the network', () => {
    assert.throws(() => read({ SONGBAI_HOST: '0.0.0.0' }), { code: 'DEMO_NOT_PUBLIC' });
    assert.equal(read({ SONGBAI_HOST: '0.0.0.0', SONGBAI_SEED: 'empty' }).host, '0.0.0.0');
  });

  describe('SONGBAI_DATA_DIR', () => {
    it('is made when missing, for its owner alone', () => {
      const folder = join(temporaryFolder(), 'new', 'data');
      assert.equal(readConfig({ SONGBAI_DATA_DIR: folder }).dataDir, folder);
      assert.ok(existsSync(folder));
      assert.equal(statSync(folder).mode & 0o777, 0o700);
    });

    it('is refused when it is a file', () => {
      const file = join(temporaryFolder(), 'file');
      writeFileSync(file, '');
      assert.throws(() => readConfig({ SONGBAI_DATA_DIR: file }), { code: 'DATA_DIR_UNWRITABLE' });
    });
  });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { elementBehaviors } from '#engine/core/elements/registry.ts';
import { ROLES } from '#engine/identity/principal.ts';
import { filesUnder, ROOT, tableRows, textOf } from './project-files.ts';

const foldersOf = (path: string): string[] =>
  readdirSync(`${ROOT}${path}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

describe('decision records', () => {
  const records = filesUnder('docs/adr', /\.md$/).map((path) => path.slice('docs/adr/'.length));

  it('are numbered from 1 without gaps', () => {
    assert.deepEqual(
      records.map((name) => Number(name.slice(0, 4))),
      records.map((_, at) => at + 1),
    );
  });

  for (const name of records) {
    it(`${name} has its number in the title, and context, decision, consequences and alternatives`, () => {
      const text = textOf(`docs/adr/${name}`);
      assert.match(text, new RegExp(`^# ${Number(name.slice(0, 4))}\\. `));
      for (const part of ['Context', 'Decision', 'Consequences', 'Alternatives'])
        assert.match(text, new RegExp(`^(## ${part}|\\*\\*${part}\\.\\*\\*)`, 'm'));
    });
  }

  it('are the ones that other pages and the sources speak of', () => {
    for (const path of [...filesUnder('docs', /\.md$/), ...filesUnder('engine', /\.ts$/)])
      for (const [, number] of textOf(path).matchAll(/\bADR (\d+)/g))
        assert.ok(Number(number) <= records.length, `${path} speaks of ADR ${number}`);
  });
});

describe('docs/glossary.md', () => {
  const rows = tableRows(textOf('docs/glossary.md'));

  it('explains each term once', () => {
    const terms = rows.map(([term]) => term);
    assert.deepEqual(
      terms.filter((term, at) => terms.indexOf(term) !== at),
      [],
    );
  });

  it('has an English word for every Chinese term', () => {
    for (const [term = '', english = ''] of rows) if (/\p{Script=Han}/u.test(term)) assert.match(english, /[a-z]/i, term);
  });

  it('knows every role', () => {
    const codes = rows.map((cells) => cells[2] ?? '').join(' ');
    assert.deepEqual(
      ROLES.filter((role) => !codes.includes(`\`${role}\``)),
      [],
    );
  });
});

describe('every BPMN element that the engine executes', () => {
  for (const type of Object.keys(elementBehaviors)) {
    const file = type
      .slice('bpmn:'.length)
      .replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`)
      .toLowerCase();
    it(`${type} has a file and a test`, () => {
      assert.ok(existsSync(`${ROOT}engine/core/elements/${file}.ts`), `${file}.ts`);
      assert.match(textOf(`engine/core/elements/${file}.test.ts`), /\bit\(/);
    });
  }
});

describe('every process that is shipped', () => {
  for (const key of foldersOf('processes')) {
    it(`${key} has its diagram, a README and a test`, () => {
      assert.match(textOf(`processes/${key}/${key}.bpmn`), new RegExp(`<bpmn:process id="${key}"`));
      assert.match(textOf(`processes/${key}/README.md`), new RegExp(`^# .*\`${key}\``));
      assert.match(textOf(`processes/${key}/${key}.test.ts`), /\bit\(/);
    });
  }
});

describe('docs/architecture.md', () => {
  const page = textOf('docs/architecture.md');

  it('names every room of the server', () => {
    const tree = /## Rooms\n```\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    for (const room of foldersOf('engine')) assert.match(tree, new RegExp(`^  ${room}/ `, 'm'), room);
    for (const folder of ['forms', 'processes', 'node-red-flows', 'console', 'plugins', 'test', 'bench']) {
      if (existsSync(`${ROOT}${folder}`)) assert.match(tree, new RegExp(`^${folder}/ `, 'm'), folder);
    }
  });

  it('lists every setting that the server reads', () => {
    const read = new Set([...textOf('engine/config.ts').matchAll(/env\['(SONGBAI_\w+)'\]/g)].map(([, name]) => name ?? ''));
    const listed = new Set([...(page.split('## Configuration')[1] ?? '').matchAll(/`(SONGBAI_\w+)`/g)].map(([, name]) => name ?? ''));
    assert.deepEqual([...listed].sort(), [...read].sort());
  });
});

describe('a fresh clone', () => {
  it('has every file that sources are made of: nothing in their folders is ignored', function () {
    if (!existsSync(`${ROOT}.git`)) this.skip();
    const folders = ['engine', 'forms', 'processes', 'node-red-flows', 'console/src', 'console/public', 'scripts', 'docs', 'test', 'bench'];
    const ignored = execFileSync('git', ['ls-files', '--others', '--ignored', '--exclude-standard', '--', ...folders], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    assert.deepEqual(
      ignored.split('\n').filter((path) => path !== '' && !/^(test\/e2e|bench)\/output\//.test(path)),
      [],
    );
  });
});

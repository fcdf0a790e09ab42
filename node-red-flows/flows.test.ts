import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface FlowNode {
  id: string;
  type: string;
  name?: string;
  z?: string;
  server?: string;
  wires?: string[][];
  scope?: string[];
}

const folder = import.meta.dirname;
const read = (...path: string[]): string => readFileSync(join(folder, ...path), 'utf8');
/** What may end a branch: it settles the event. */
const SETTLING = new Set(['songbai-raise-alert', 'songbai-start-process', 'songbai-correlate-message', 'songbai-acknowledge']);

describe('shipped flows', () => {
  for (const file of readdirSync(join(folder, 'flows'))) {
    describe(file, () => {
      const nodes = JSON.parse(read('flows', file)) as FlowNode[];
      const byId = new Map(nodes.map((node) => [node.id, node]));

      it('ends every branch by settling the event', () => {
        for (const node of nodes)
          for (const [output, targets] of (node.wires ?? []).entries()) {
            if (SETTLING.has(node.type)) continue;
            if (node.type === 'comment') continue;
            assert.notEqual(targets.length, 0, `output ${output} of ${node.name ?? node.id} leads nowhere`);
          }
      });

      it('leads only to nodes that are there, and names an engine where one is needed', () => {
        for (const node of nodes) {
          for (const target of (node.wires ?? []).flat()) assert.ok(byId.has(target), `${node.id} → ${target}`);
          if (node.server !== undefined) assert.equal(byId.get(node.server)?.type, 'songbai-server');
        }
      });

      it('has Chinese names and no function nodes', () => {
        for (const node of nodes.filter(({ z }) => z !== undefined)) {
          assert.match(node.name ?? '', /\p{Script=Han}/u, node.id);
          assert.notEqual(node.type, 'function');
        }
      });

      it('gives back what fails: one Catch watches every node that can fail', () => {
        const [guard] = nodes.filter(({ type }) => type === 'catch');
        const canFail = nodes.filter(({ type }) => ['switch', 'change', 'songbai-raise-alert'].includes(type)).map(({ id }) => id);
        assert.deepEqual(canFail.filter((id) => !guard!.scope!.includes(id)), []);
      });
    });
  }
});

describe('node texts', () => {
  const manifest = JSON.parse(read('nodes', 'package.json')) as { 'node-red': { nodes: Record<string, string> } };
  for (const [type, file] of Object.entries(manifest['node-red'].nodes)) {
    const node = file.replace('/node.js', '');
    describe(type, () => {
      it('has the same keys in both languages', () => {
        const keys = (language: string): string[] => keysOf(JSON.parse(read('nodes', node, 'locales', language, 'node.json')));
        assert.deepEqual(keys('en-US'), keys('zh-CN'));
      });

      it('has a text for every key its dialog uses', () => {
        const used = [...read('nodes', node, 'node.html').matchAll(/data-i18n="(?:\[\w+\])?([\w.]+)"|_\('([\w.]+)'\)/g)].map(([, dialog, script]) => dialog ?? script!);
        const known = keysOf(JSON.parse(read('nodes', node, 'locales', 'zh-CN', 'node.json')));
        assert.deepEqual(used.filter((key) => !known.includes(key)), []);
      });

      it('has help in both languages', () => {
        for (const language of ['zh-CN', 'en-US']) {
          assert.ok(existsSync(join(folder, 'nodes', node, 'locales', language, 'node.html')));
          assert.match(read('nodes', node, 'locales', language, 'node.html'), new RegExp(`data-help-name="${type}"`));
        }
      });
    });
  }
});

function keysOf(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null) return [prefix.slice(0, -1)];
  return Object.entries(value)
    .flatMap(([key, inner]) => keysOf(inner, `${prefix}${key}.`))
    .sort();
}

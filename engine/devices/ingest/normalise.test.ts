import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredProperty } from '#engine/store/device-store.ts';
import { normalise } from './normalise.ts';

interface GoldenCase {
  situation: string;
  profile: string;
  /** Last values before the message. */
  known?: Record<string, unknown>;
  replay?: boolean;
  payload: Record<string, unknown>;
  /** Only the members named here are compared. */
  events: Record<string, unknown>[];
  properties?: Record<string, unknown>;
}

const NOW = Date.parse('2026-11-22T10:00:00Z');
const folder = join(import.meta.dirname, 'golden');

describe('normalise', () => {
  for (const file of readdirSync(folder)) {
    describe(`payloads of ${file.replace('.json', '')}`, () => {
      const cases = JSON.parse(readFileSync(join(folder, file), 'utf8')) as GoldenCase[];
      for (const golden of cases) it(golden.situation, () => check(golden));
    });
  }
});

function check({ profile, known = {}, replay = false, payload, events, properties }: GoldenCase): void {
  // given
  const stored = new Map<string, StoredProperty>(Object.entries(known).map(([name, value]) => [name, { value, deviceAt: null }]));
  // when
  const result = normalise({ payload, profile, known: stored, replay, now: NOW });
  // then
  const compared = result.events.map((event, index) => {
    const names = Object.keys(events[index] ?? event);
    return Object.fromEntries(names.map((name) => [name, (event as unknown as Record<string, unknown>)[name]]));
  });
  assert.deepEqual(compared, events);
  if (properties) assert.deepEqual(Object.fromEntries(result.properties.map(({ name, value }) => [name, value])), properties);
}

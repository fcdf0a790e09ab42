import assert from 'node:assert/strict';
import { textOf } from './project-files.ts';

interface LockedPackage {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  link?: boolean;
}

const text = textOf('package-lock.json');
const { packages } = JSON.parse(text) as { packages: Record<string, LockedPackage> };

/** Where Node would look from a package's place: its own folder, then those above. */
function placesOf(path: string, name: string): string[] {
  const parts = path === '' ? [] : path.split('/node_modules/');
  return Array.from({ length: parts.length + 1 }, (_, cut) => [...parts.slice(0, parts.length - cut), name]).map((steps) => {
    const place = steps.join('/node_modules/');
    return place.startsWith('node_modules/') ? place : `node_modules/${place}`;
  });
}

const missingIn = (locked: Record<string, LockedPackage>): string[] =>
  Object.entries(locked).flatMap(([path, { dependencies, devDependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter((name) => !placesOf(path, name).some((place) => place in locked))
      .map((name) => `${path || 'the project'} → ${name}`),
  );

describe('package-lock.json', () => {
  it('has an entry for whatever a package names, on every platform, so that `npm ci` works on each', () => {
    assert.ok(Object.keys(packages).length > 500);
    assert.deepEqual(missingIn(packages), []);
  });

  it('would not go through without one of them', () => {
    const binding = Object.keys(packages).find((path) => path.endsWith('-win32-x64-msvc'));
    assert.ok(binding);
    const { [binding]: _left, ...others } = packages;
    assert.ok(missingIn(others).length > 0);
  });

  it('looks where Node looks', () => {
    assert.deepEqual(placesOf('node_modules/a/node_modules/@b/c', 'd'), [
      'node_modules/a/node_modules/@b/c/node_modules/d',
      'node_modules/a/node_modules/d',
      'node_modules/d',
    ]);
    assert.deepEqual(placesOf('', 'd'), ['node_modules/d']);
  });

  it('names no registry: each machine asks its own', () => {
    assert.deepEqual(text.match(/"resolved": "https?:[^"]*"/g) ?? [], []);
  });
});

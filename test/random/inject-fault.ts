import { registerHooks } from 'node:module';
import type { EngineFault } from './engine-faults.ts';

/** From here on the module is loaded with the fault in it; the file on disk stays as it is. @throws when the text is not there exactly once */
export function injectFault({ name, file, from, to }: EngineFault): void {
  let isInjected = false;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.endsWith(`/${file}`)) return loaded;
      const source = Buffer.from(loaded.source as Uint8Array).toString('utf8');
      const parts = source.split(from);
      if (parts.length !== 2)
        throw new Error(`Expected fault "${name}" to find its text once in ${file}, but it is there ${parts.length - 1} times`);
      isInjected = true;
      return { ...loaded, source: parts.join(to) };
    },
  });
  process.once('exit', () => {
    if (!isInjected) process.stderr.write(`Expected ${file} to be loaded after its fault was injected, but it was not\n`);
  });
}

import { registerHooks } from 'node:module';
import { allSites, type KillSite } from '#test/faults/kill-points.ts';

// Loaded with `--import` before a server that is to die: puts a kill at every place of `kill-points.ts`. One is armed by the variable
// SONGBAI_KILL=<point>#<hit>, or later by a message `{ point, hit }`. The files on disk stay as they are.
const [atStart = '', hit] = (process.env['SONGBAI_KILL'] ?? '').split('#');
let armed = { point: atStart, hit: Number(hit) };

const isHit = (point: string): boolean => armed.point === point && --armed.hit === 0;
Object.assign(globalThis, { isKillPointHit: isHit });

process.on('message', (message: { point: string; hit: number }) => {
  armed = message;
});
process.channel?.unref();

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const sites = allSites().filter(({ site }) => url.endsWith(`/${site.file}`));
    if (sites.length === 0) return loaded;
    let source = Buffer.from(loaded.source as Uint8Array).toString('utf8');
    for (const { point, site } of sites) source = withKill(source, point, site);
    return { ...loaded, source };
  },
});

/** @throws when the text is not there exactly once */
function withKill(source: string, point: string, { file, text, place, when = 'true', first = '', isPromise }: KillSite): string {
  const parts = source.split(text);
  if (parts.length !== 2) throw new Error(`Expected kill point ${point} to find its text once in ${file}, but it is there ${parts.length - 1} times`);
  const kill = `if ((${when}) && isKillPointHit('${point}')) { ${first} process.kill(process.pid, 'SIGKILL'); }`;
  if (isPromise) return parts.join(`${text}.finally(() => { ${kill} })`);
  return parts.join(place === 'before' ? `${kill} ${text}` : `${text} ${kill}`);
}

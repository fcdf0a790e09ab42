import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface WrkResult {
  requestsPerS: number;
  /** As wrk prints it, e.g. `6.51ms`. */
  p99: string;
  failed: number;
}

export interface WrkBlock {
  url: string;
  connections: number;
  seconds: number;
  /** Lua that defines `request`; runs in wrk's one thread. */
  script: string;
  folder: string;
}

/** Runs one block of load with wrk (Debian package `wrk`). @throws when wrk is missing or fails. */
export function wrk({ url, connections, seconds, script, folder }: WrkBlock): Promise<WrkResult> {
  const file = join(folder, `block-${process.hrtime.bigint()}.lua`);
  writeFileSync(file, script);
  return new Promise((resolve, reject) => {
    execFile('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-s', file, url], (error, output) => {
      if (error) return reject(new Error(`Expected wrk to run against ${url}, but: ${error.message}`, { cause: error }));
      resolve({
        requestsPerS: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1] ?? 0),
        p99: /99%\s+(\S+)/.exec(output)?.[1] ?? '-',
        failed: Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0),
      });
    });
  });
}

import { pino } from 'pino';
import { openStore } from '#engine/store/open-store.ts';

// Run as a process of its own: commits units without end and prints the number of each one that was acknowledged.
const [, , url = ''] = process.argv;
const store = await openStore({ url, nodeId: 'writer', log: pino({ level: 'silent' }) });
process.stdout.write('open\n');
let next = 0;
async function commitOn(): Promise<never> {
  for (;;) {
    const number = next++;
    await store.batcher.run({ key: null, name: 'commit' }, function* (writes) {
      writes.insert('payload', { hash: `${process.pid}-${number}`, content: '{}' });
    });
    process.stdout.write(`${process.pid}-${number}\n`);
  }
}
await Promise.all([commitOn(), commitOn(), commitOn(), commitOn()]);

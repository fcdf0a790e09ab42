import { appendFile } from 'node:fs/promises';
import { definePlugin } from '#plugins/api.ts';

/** What `options/schema.json` describes. */
interface Greeting {
  phone: string;
  name: string;
}

export const plugin = definePlugin<Greeting>({
  hooks: {
    serviceTask({ log, settings }) {
      const outbox = settings['SMS_OUTBOX'];
      if (!outbox) throw new Error('Expected SMS_OUTBOX to name a file, but it is not set');
      return {
        async run({ options, idempotencyKey }) {
          if (!/^1[3-9]/.test(options.phone)) return { kind: 'bpmnError', code: 'NO_MOBILE', message: 'not a mobile number' };
          const text = `${options.name}，您好！`;
          // The gateway drops a line whose key it has seen: a second try sends nothing twice.
          await appendFile(outbox, `${JSON.stringify({ key: idempotencyKey, to: options.phone, text })}\n`);
          log.info({ length: text.length }, 'greeting handed over');
          return { kind: 'completed', output: { length: text.length } };
        },
      };
    },
  },
});

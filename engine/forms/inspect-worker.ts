import { parentPort } from 'node:worker_threads';
import type { FormDefinition } from '#forms/runtime/form.ts';
import type { SupportUrls } from './generate-validator.ts';
import { inspectForm } from './inspect-form.ts';

/** Entry of the worker thread: one form in, one inspection out. */
parentPort?.on('message', ({ form, urls }: { form: FormDefinition; urls: SupportUrls }) => {
  parentPort?.postMessage(inspectForm(form, urls));
});
parentPort?.postMessage('ready');

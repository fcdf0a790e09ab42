import { parentPort } from 'node:worker_threads';
import { compileDecisions } from '#engine/decisions/compile-decisions.ts';
import { checkExpression } from '#engine/expressions/check-expression.ts';
import { loadScripts } from '#engine/expressions/script.ts';
import { compileProcesses } from './compile-process.ts';
import type { CompileReply, CompileRequest } from './compiler.ts';
import { mostImportant } from './problem.ts';

// The worker's only job: what the file says costs time here and not on the server's event loop.
const port = parentPort;
await loadScripts();
if (port) {
  port.on('message', (request: CompileRequest) => {
    void answer(request).then((reply) => port.postMessage({ ...reply, problems: mostImportant(reply.problems) }));
  });
  port.postMessage('ready');
}

async function answer({ kind, xml, others = {}, isStored = false, imports = [] }: CompileRequest): Promise<CompileReply> {
  if (kind === 'decision') return compileDecisions(xml, imports);
  return compileProcesses(xml, {
    checkExpression,
    isStored,
    otherFile: (name) => (Object.hasOwn(others, name) ? others[name] : undefined),
  });
}

import type { MessageDefinition } from '../model.ts';
import type { Token } from '../run.ts';
import { contextOf, requireText } from './evaluation.ts';
import { createJob } from './jobs.ts';

/**
 * A throwing message event or send task without an implementation of its own waits until its message is delivered:
 * the `send-message` job is the outbox, its retries and incidents are those of the element.
 * The message carries the local variables (input parameters) of the element and the business key of the instance.
 */
export function sendMessage(token: Token, message: MessageDefinition): void {
  const { run, state, element, instance } = token;
  const name = requireText(run, message.name, contextOf(token), `the message name of ${element.id}`);
  const thrown = { name, businessKey: state.businessKey, correlationKeys: {}, variables: { ...instance.variables } };
  createJob(token, element, { kind: 'send-message', dueAt: run.ports.now, message: thrown });
}

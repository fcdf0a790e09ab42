import { createHmac, randomBytes } from 'node:crypto';

/**
 * What the flow runtime gets in place of a console session: a name that only this server understands, and only to say
 * who it is. Flows are code of others; a session id that passed through their process could be taken and used.
 */
export interface EditorHandles {
  /** The `Cookie` header for the runtime: the session id replaced by its handle, all else as it was. */
  forRuntime(cookie: string): string;
  /** The session id behind a handle; null for a handle of an earlier run, and for a text that is none. */
  tokenOf(handle: string): string | null;
}

const PREFIX = 'flow.';
const MAX_HANDLES = 1_000;

export const isEditorHandle = (token: string): boolean => token.startsWith(PREFIX);

export function createEditorHandles(): EditorHandles {
  const key = randomBytes(32);
  const tokens = new Map<string, string>();

  function handleOf(token: string): string {
    if (isEditorHandle(token)) return token;
    const handle = `${PREFIX}${createHmac('sha256', key).update(token).digest('base64url')}`;
    // Asked for again = recently used: it goes to the end of the line.
    tokens.delete(handle);
    if (tokens.size >= MAX_HANDLES) tokens.delete(tokens.keys().next().value ?? '');
    tokens.set(handle, token);
    return handle;
  }

  return {
    forRuntime: (cookie) =>
      cookie.replace(/((?:__Host-)?songbai_session=)([^;\s]+)/g, (_, name: string, token: string) => name + handleOf(token)),
    tokenOf: (handle) => tokens.get(handle) ?? null,
  };
}

import { request } from './http.ts';
import type { Session } from './session.ts';

export interface SetupInput {
  token: string;
  district: { code: string; name: string };
  account: { username: string; name: string; password: string };
}

/** Makes the district and its first administrator and signs in; 404 for a link that is used up, expired or wrong. */
export const createSetup = (input: SetupInput): Promise<Session> => request('POST', '/api/setup', { body: input, anonymous: true });

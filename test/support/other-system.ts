import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a request is answered with. */
export type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void;

export interface OtherSystem {
  origin: string;
  /** Of the current test. */
  received: { method: string; url: string; headers: http.IncomingHttpHeaders; body: string }[];
  /** Each test begins with 200 and `{"ok":true}`. */
  answer: Answer;
}

/** A server of another system on the loopback interface, for use inside a `describe`. */
export function otherSystem(): OtherSystem {
  const system = {} as OtherSystem;
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      system.received.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      system.answer(request, response);
    });
  });
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    system.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    system.received = [];
    system.answer = json(200, { ok: true });
  });
  return system;
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(JSON.stringify(body));

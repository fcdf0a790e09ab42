import type { AppContext } from '#engine/rest/app-context.ts';
import { sessionToken } from '#engine/rest/middleware/authenticate.ts';
import { route, type Route } from '#engine/rest/route.ts';
import type { StreamMessage } from './hub.ts';

const HEARTBEAT_MS = 20_000;
/** A reader this far behind is cut off; it comes back with its last id. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

export const streamRoutes = ({ hub, identity }: AppContext): Route[] => [
  route({
    id: 'api.stream.open',
    method: 'GET',
    path: '/api/stream',
    summary: 'Server-sent events: tasks and alerts as they change, of the areas the caller may see.',
    handler({ principal, koa }) {
      const { req, res } = koa;
      koa.respond = false;
      res.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'x-content-type-options': 'nosniff',
      });
      res.write('retry: 3000\n\n');
      const lastEventId = req.headers['last-event-id'];
      const token = req.headers.authorization ? null : sessionToken(req.headers.cookie);
      const stop = hub.subscribe(
        {
          principal,
          send(message) {
            if (res.writableLength > MAX_BUFFERED_BYTES) res.destroy();
            else res.write(frame(message));
          },
          end: () => res.end(),
        },
        typeof lastEventId === 'string' && lastEventId !== '' ? lastEventId : null,
      );
      // The heartbeat also notices that the session ended: a stream must not outlive it.
      const beat = setInterval(() => {
        void Promise.resolve(token ? identity.sessions.isOpen(token) : true)
          .then((alive) => (alive ? res.write(':\n\n') : res.end()))
          .catch(() => res.destroy());
      }, HEARTBEAT_MS);
      res.on('close', () => {
        clearInterval(beat);
        stop();
      });
      return { handled: true };
    },
  }),
];

const frame = ({ id, event, data }: StreamMessage): string => `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

import { pino, type Logger } from 'pino';

export type { Logger };

/** JSON lines on stderr, so that stdout carries the ready line and nothing else; secrets never reach a log line. */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      redact: { paths: ['password', '*.password', 'req.headers.authorization', 'req.headers.cookie', 'token', '*.token', 'csrfToken'], censor: '***' },
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ fd: 2, sync: true }),
  );
}

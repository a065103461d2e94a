import { type Logger, pino } from 'pino';

export type Log = Logger;

/** Paths whose values never reach a log line, whatever object they are part of. */
const secretPaths = [
  'secret',
  'token',
  'botToken',
  'appToken',
  'signingSecret',
  'password',
  'privateKey',
  'authorization',
  'key',
];

/** A logger for one part of the program. `level` is pino's: `silent`, `info`, `debug` … */
export function makeLog(part: string, level: string): Log {
  const paths = secretPaths.flatMap((path) => [path, `*.${path}`, `*.*.${path}`]);
  return pino({ name: part, level, redact: { paths, censor: '[secret]' } });
}

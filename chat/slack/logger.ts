import { type Logger, LogLevel } from '@slack/web-api';
import { sentence } from '#base/errors.ts';
import type { Log } from '#base/log.ts';

/**
 * Slack's libraries' log as ours, one level lower: what matters of it comes to us as errors. Their debug lines hold whole messages and are dropped.
 */
export function quietLogger(log: Log): Logger {
  const say = (...parts: unknown[]) =>
    log.debug({ said: parts.map(sentence).join(' ').slice(0, 500) }, 'from a Slack library');
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: say,
    error: say,
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}

import type { Receiver } from '@slack/bolt';
import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log.ts';
import type { Clients } from './clients.ts';
import type { Condition } from './condition.ts';
import { httpReceiver } from './http.ts';
import { quietLogger } from './logger.ts';
import type { SlackSettings } from './settings.ts';
import { twoSockets } from './sockets.ts';

export interface ReceiverOptions extends Pick<SlackSettings, 'mode' | 'appToken' | 'signingSecret' | 'host' | 'port'> {
  readonly clients: Clients;
  readonly condition: Condition;
  readonly socketsApartMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** What Slack's side of things arrives by. */
export function receiverFor(options: ReceiverOptions): Receiver {
  const { mode, appToken = '', signingSecret = '', host, port, clients, condition, clock, log } = options;
  if (mode === 'http') return httpReceiver({ signingSecret, host, port, condition, logger: quietLogger(log), log });
  return twoSockets({ appToken, client: clients.options, condition, clock, log, apartMs: options.socketsApartMs });
}

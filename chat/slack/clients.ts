import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Log } from '#base/log.ts';
import { quietLogger } from './logger.ts';

/** Connections to the Web API. */
export interface Clients {
  readonly api: WebClient;
  /** Of its own, so that a modal, whose trigger lives for 3 s, never waits behind messages. */
  readonly views: WebClient;
  readonly options: WebClientOptions;
}

const timeoutMs = 15_000;

export function openClients(botToken: string, apiUrl: string, log: Log): Clients {
  const options: WebClientOptions = {
    slackApiUrl: apiUrl,
    logger: quietLogger(log),
    timeout: timeoutMs,
    // By itself the client stops everything when one channel is told to wait, and tries again for half an hour: who sends decides about that.
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    allowAbsoluteUrls: false,
  };
  return { api: new WebClient(botToken, options), views: new WebClient(botToken, options), options };
}

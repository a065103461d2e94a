import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Log } from '#base/log.ts';
import { readWhole } from '#base/read-at-most.ts';
import { atSite } from '#base/site.ts';
import { quietLogger } from './logger.ts';

/** Connections to the Web API. */
export interface Clients {
  readonly api: WebClient;
  /** Of its own, so that a modal, whose trigger lives for 3 s, never waits behind messages. */
  readonly views: WebClient;
  readonly options: WebClientOptions;
}

const usualTimeoutMs = 15_000;
/** A page of a thousand people takes some MiB. */
const mostBytes = 16 * 1024 * 1024;

export function openClients(botToken: string, apiUrl: string, log: Log, timeoutMs = usualTimeoutMs): Clients {
  const options: WebClientOptions = {
    slackApiUrl: apiUrl,
    logger: quietLogger(log),
    timeout: timeoutMs,
    // By itself the client stops everything when one channel is told to wait, and tries again for half an hour: who sends decides about that.
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    allowAbsoluteUrls: false,
    // The client reads whatever comes. The time limit holds until the body is read.
    fetch: (input, init) =>
      atSite(`slack ${methodOf(input)}`, async () => readWhole(await fetch(input, init), mostBytes)),
  };
  return { api: new WebClient(botToken, options), views: new WebClient(botToken, options), options };
}

/** `chat.update` of `https://slack.com/api/chat.update`. */
function methodOf(input: string | URL | Request): string {
  const url = String(input instanceof Request ? input.url : input);
  return url.slice(url.lastIndexOf('/') + 1);
}

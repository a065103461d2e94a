import { type App, HTTPReceiver, type Receiver, type ReceiverEvent } from '@slack/bolt';
import type { Logger } from '@slack/web-api';
import { UserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { Condition } from './condition.ts';
import { processed } from './delivery.ts';

export interface HttpOptions {
  readonly signingSecret: string;
  readonly host: string;
  readonly port: number;
  readonly condition: Condition;
  readonly logger: Logger;
  readonly log: Log;
}

/** Where Slack's calls arrive; the same path for all of them. */
const slackPath = '/slack/events';

const mostBytes = 1024 * 1024;

/** A receiver for Bolt that Slack calls. Each call's signature and age are checked before anything else. */
export function httpReceiver({ signingSecret, host, port, condition, logger, log }: HttpOptions): Receiver {
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: [slackPath],
    logger,
    // Anybody who reaches the port may send; what Slack sends has some hundred KiB at most.
    bodyLimit: mostBytes,
    // Slack waits 3 s. Without an answer by then it brings events again, and shows an error for everything else.
    unhandledRequestTimeoutMillis: 2900,
    unhandledRequestHandler: ({ response }) => {
      if (!response.headersSent) response.writeHead(503).end();
    },
  });
  return {
    init(app) {
      const heard = { processEvent: (event: ReceiverEvent) => processed(app, event, log) };
      receiver.init(heard as unknown as App);
    },
    async start() {
      try {
        await receiver.start({ host, port });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
        const hint = 'Set slack.port in the configuration.';
        throw new UserError(`Port ${port} on ${host} is taken by another program.`, { hint, cause: error });
      }
      condition.right('socket');
    },
    async stop() {
      await receiver.stop();
    },
  };
}

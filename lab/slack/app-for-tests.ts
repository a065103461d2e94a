import { SocketModeClient } from '@slack/socket-mode';
import { WebClient } from '@slack/web-api';
import type { SlackLab } from './start.ts';

/** Something that Slack brought, as its own client hands it over. */
export interface Brought {
  readonly type: string;
  // What it holds depends on the type; a test reads what it knows to be there.
  // biome-ignore lint/suspicious/noExplicitAny: as Slack's client types it
  readonly body: any;
  readonly envelope_id: string;
  readonly retry_num?: number;
  ack(payload?: object): Promise<void>;
}

/** An app of two lines, on Slack's own libraries: it hears by a socket and answers as the test says. */
export interface TestApp extends AsyncDisposable {
  readonly web: WebClient;
  readonly heard: Brought[];
}

const logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => 'error' as never,
  setName() {},
};

export function webClient(lab: SlackLab, token = lab.app.botToken): WebClient {
  return new WebClient(token, {
    slackApiUrl: lab.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger,
  });
}

/** `hear` is called for whatever is brought; by default it acknowledges. */
export async function startApp(
  lab: SlackLab,
  hear: (brought: Brought, web: WebClient) => unknown = ({ ack }) => ack(),
): Promise<TestApp> {
  const web = webClient(lab);
  const heard: Brought[] = [];
  const socket = new SocketModeClient({
    appToken: lab.app.appToken,
    clientOptions: { slackApiUrl: lab.apiUrl },
    logger,
  });
  socket.on('slack_event', (brought: Brought) => {
    heard.push(brought);
    lab.world.changes.tell();
    void hear(brought, web);
  });
  await socket.start();
  return {
    web,
    heard,
    async [Symbol.asyncDispose]() {
      await socket.disconnect();
    },
  };
}

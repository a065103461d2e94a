import { makeLog } from '#base/log.ts';
import type { ChatListener, ChatPlatform, Filled, Invocation, Press } from '#chat/platform.ts';
import { openSlack, type SlackOptions } from './slack.ts';
import { startWire, type Wire } from './wire-for-tests.ts';

/** Slack at the wire, the adapter connected to it, and a bot that only notes what it hears; what it does else is put in by the test. */
export interface TestSlack extends AsyncDisposable {
  readonly wire: Wire;
  readonly slack: ChatPlatform;
  readonly listener: ChatListener;
  readonly heard: { commands: Invocation[]; presses: Press[]; forms: Filled[] };
  readonly does: { -readonly [Name in keyof ChatListener]?: ChatListener[Name] };
}

export const place = { platform: 'slack', channel: 'C0OPS' };

/** `connect: false`: the adapter is made, but not started. */
export async function startSlack(options: Partial<SlackOptions> & { connect?: boolean } = {}): Promise<TestSlack> {
  const { connect = true, ...more } = options;
  const wire = await startWire();
  const slack = openSlack({
    mode: 'socket',
    botToken: 'xoxb-lab',
    appToken: 'xapp-lab',
    signingSecret: 'a signing secret of the lab',
    host: '127.0.0.1',
    port: 0,
    prefix: '',
    apiUrl: wire.apiUrl,
    log: makeLog('slack', 'silent'),
    socketsApartMs: 1,
    ...more,
  });
  const heard: TestSlack['heard'] = { commands: [], presses: [], forms: [] };
  const does: TestSlack['does'] = {};
  const listener: ChatListener = {
    async command(typed) {
      heard.commands.push(typed);
      return (await does.command?.(typed)) ?? 'public';
    },
    async press(press) {
      heard.presses.push(press);
      return (await does.press?.(press)) ?? 'private';
    },
    async submit(filled) {
      heard.forms.push(filled);
      return does.submit?.(filled);
    },
    complete: async () => [],
    words: async (wanted) => (await does.words?.(wanted)) ?? [],
    home: async (by, at) =>
      (await does.home?.(by, at)) ?? { tone: 'info', fallback: 'Yours.', blocks: [{ kind: 'title', text: 'Yours' }] },
  };
  if (connect) {
    await slack.start(listener);
    await wire.until(
      () => wire.called('users.list').length > 0 && wire.sockets.length === (more.mode === 'http' ? 0 : 2),
    );
  }
  return {
    wire,
    slack,
    listener,
    heard,
    does,
    async [Symbol.asyncDispose]() {
      await slack.stop();
      await wire[Symbol.asyncDispose]();
    },
  };
}

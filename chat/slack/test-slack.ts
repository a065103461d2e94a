import { makeLog } from '#base/log.ts';
import { type Notes, takeNotes } from '#chat/notes-for-tests.ts';
import type { ChatPlatform } from '#chat/platform.ts';
import type { SlackSettings } from './settings.ts';
import { openSlack, type SlackOptions } from './slack.ts';
import { startWire, type Wire } from './wire-for-tests.ts';

/** Slack at the wire, the adapter connected to it, and a bot that only notes what it hears; what it does else is put in by the test. */
export interface TestSlack extends AsyncDisposable, Notes {
  readonly wire: Wire;
  readonly slack: ChatPlatform;
}

export const place = { platform: 'slack', channel: 'C0OPS' };

/** `connect: false`: the adapter is made, but not started. */
export async function startSlack(options: Partial<SlackOptions> & { connect?: boolean } = {}): Promise<TestSlack> {
  const { connect = true, ...more } = options;
  const wire = await startWire();
  const slack = openSlack({
    ...settingsOf(wire),
    menu: [],
    log: makeLog('slack', 'silent'),
    socketsApartMs: 1,
    ...more,
  });
  const { listener, heard, does } = takeNotes();
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

/** The configuration that fits a workspace. */
export function settingsOf({ apiUrl }: Wire): SlackSettings {
  return {
    ...{ mode: 'socket', botToken: 'xoxb-lab', appToken: 'xapp-lab', signingSecret: 'a signing secret of the lab' },
    ...{ host: '127.0.0.1', port: 0, prefix: '', workspaces: [], apiUrl },
  };
}

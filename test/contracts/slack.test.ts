import { makeLog } from '#base/log.ts';
import { slackManifest } from '#bot/manifest.ts';
import { takeNotes } from '#chat/notes-for-tests.ts';
import type { MessageRef } from '#chat/platform.ts';
import { openSlack } from '#chat/slack/slack.ts';
import type { Message } from '#lab/slack/message.ts';
import { messageKey } from '#lab/slack/messages.ts';
import { startSlack } from '#lab/slack/start.ts';
import { platformContract } from './platform.ts';
import { slackActor } from './slack-actor.ts';
import { linksIn, pingsIn } from './slack-reader.ts';
import type { Stage } from './stage.ts';

platformContract('Slack', startStage);

/** The emulated Slack, with Bolt and Slack's own sockets in the adapter. */
async function startStage(): Promise<Stage> {
  await using made = new AsyncDisposableStack();
  const lab = made.use(await startSlack({ manifest: slackManifest(undefined), rateLimits: Number.POSITIVE_INFINITY }));
  const { botToken, appToken } = lab.app;
  const notes = takeNotes();
  const open = async (until: AsyncDisposableStack) => {
    const platform = openSlack({
      ...{ mode: 'socket', botToken, appToken, host: '127.0.0.1', port: 0, prefix: '', apiUrl: lab.apiUrl },
      menu: [],
      log: makeLog('slack', 'silent'),
      socketsApartMs: 1,
    });
    await platform.start(notes.listener);
    until.defer(() => platform.stop());
    return platform;
  };
  const platform = await open(made);
  await lab.until(() => lab.sockets === 2, 'both sockets');
  const running = made.move();
  return {
    ...notes,
    platform,
    place: { platform: 'slack', channel: lab.channel('ops') },
    ana: slackActor(lab, 'ana', find),
    ben: slackActor(lab, 'ben', find),
    benIn: ['slack:ops'],
    closed: { platform: 'slack', channel: lab.channel('attic') },
    another: () => open(running),
    messages: () => lab.messages('ops').map(lab.textOf),
    thread: (ref) => lab.thread(find(ref)).map(lab.textOf),
    files: () => lab.files().map(({ name, text }) => [name, text] as const),
    links: (ref) => linksIn(find(ref)),
    pinged: (ref) => pingsIn(lab, find(ref)),
    until: async (look, what) => void (await lab.until(look, what)),
    loseNextAnswer: () => void lab.faults.push({ on: 'api', method: 'chat.postMessage', mode: 'drop-after' }),
    remove: (ref) => void lab.world.messages.delete(messageKey(ref.place.channel, ref.id)),
    deliverTwice: () => void lab.faults.push({ on: 'delivery', mode: 'again' }),
    listens: async () => lab.sockets > 0,
    violations: () => lab.violations,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };

  function find({ id, place: { channel } }: MessageRef): Message {
    const found = lab.world.messages.get(messageKey(channel, id));
    if (!found) throw new Error(`no message ${id}`);
    return found;
  }
}

import { makeLog } from '#base/log.ts';
import { slackManifest } from '#bot/manifest.ts';
import { writeLine } from '#chat/menu.ts';
import type { MessageRef } from '#chat/platform.ts';
import { openSlack } from '#chat/slack/slack.ts';
import { commands } from '#commands/table.ts';
import type { Message } from '#lab/slack/message.ts';
import { type SlackLab, startSlack } from '#lab/slack/start.ts';
import { platformContract } from './platform.ts';
import { type Actor, type Stage, takeNotes, type Values } from './stage.ts';

platformContract('Slack', startStage);

async function startStage(): Promise<Stage> {
  const lab = await startSlack({ manifest: slackManifest(undefined), rateLimits: Number.POSITIVE_INFINITY });
  const { botToken, appToken } = lab.app;
  const platform = openSlack({
    ...{ mode: 'socket', botToken, appToken, host: '127.0.0.1', port: 0, prefix: '', apiUrl: lab.apiUrl },
    log: makeLog('slack', 'silent'),
    socketsApartMs: 1,
  });
  const notes = takeNotes();
  await platform.start(notes.listener);
  const place = { platform: 'slack', channel: lab.channel('ops') };
  const find = ({ id, place: { channel } }: MessageRef): Message => {
    const found = [...lab.world.messages.values()].find((one) => one.ts === id && one.channel === channel);
    if (!found) throw new Error(`no message ${id}`);
    return found;
  };
  return {
    ...notes,
    ...{ platform, place },
    ana: actor(lab, 'ana', find),
    ben: actor(lab, 'ben', find),
    benIn: ['slack:ops'],
    messages: () => lab.messages('ops').map(lab.textOf),
    thread: (ref) => lab.thread(find(ref)).map(lab.textOf),
    files: () => lab.files().map(({ name }) => name),
    until: async (look, what) => void (await lab.until(look, what)),
    loseNextAnswer: () => void lab.faults.push({ on: 'api', method: 'chat.postMessage', mode: 'drop-after' }),
    remove: (ref) => void lab.world.messages.delete(keyOf(lab, find(ref))),
    deliverTwice: () => void lab.faults.push({ on: 'delivery', mode: 'again' }),
    violations: () => lab.violations,
    async [Symbol.asyncDispose]() {
      await platform.stop();
      await lab[Symbol.asyncDispose]();
    },
  };
}

function keyOf(lab: SlackLab, message: Message): string {
  const [key] = [...lab.world.messages].find(([, one]) => one === message) ?? [''];
  return key;
}

function actor(lab: SlackLab, name: string, find: (ref: MessageRef) => Message): Actor {
  const person = lab.user(name);
  const answers: string[] = [];
  const view = () => lab.views(name).at(-1);
  return {
    account: `slack:${lab.teamId}:${person.id}`,
    async run(command, values = {}) {
      const item = commands.find(({ path }) => path === command);
      if (!item) throw new Error(`there is no /${command}`);
      const { text } = await person.type('ops', writeLine(item, values));
      answers.push(text);
    },
    press: async (ref, label) => void (await person.press(find(ref), label)),
    async fill(values) {
      const open = await lab.until(view, 'the form');
      await person.submit(open, filling(values));
    },
    formOpen: () => view() !== undefined,
    async words(field, typed) {
      const open = await lab.until(view, 'the form');
      return (await person.suggest(open, field, typed)).map(({ value }) => String(value));
    },
    whispers: () => [...answers, ...lab.ephemerals(name).map(lab.textOf)],
    direct: () => lab.dms(name).map(lab.textOf),
  };
}

/** By the labels that people see; flags are one list of boxes. */
function filling(values: Values): Record<string, string | string[]> {
  const label = (field: string) => field.charAt(0).toUpperCase() + field.slice(1);
  const flags = Object.keys(values).filter((field) => values[field] === true);
  const others = Object.entries(values).filter(([, value]) => typeof value !== 'boolean');
  return {
    ...Object.fromEntries(others.map(([field, value]) => [label(field), String(value)])),
    ...(flags.length > 0 ? { Options: flags } : {}),
  };
}

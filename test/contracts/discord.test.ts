import { systemClock } from '#base/clock.ts';
import { makeLog } from '#base/log.ts';
import { openDiscord } from '#chat/discord/discord.ts';
import type { Lead } from '#chat/lead.ts';
import { takeNotes } from '#chat/notes-for-tests.ts';
import { commands } from '#commands/table.ts';
import { buttonsOf, textOf } from '#lab/discord/people/look.ts';
import { startDiscord } from '#lab/discord/start.ts';
import { discordActor } from './discord-actor.ts';
import { platformContract } from './platform.ts';
import type { Stage } from './stage.ts';

platformContract('Discord', startStage);

const leads: Lead = (_, act, until) => act(until);
const leadsNever: Lead = (_, __, until) => new Promise((resolve) => until.addEventListener('abort', () => resolve()));
/** One that sees at once that it does not lead. */
const hasty = { ...systemClock, sleep: async () => undefined };

/** The emulated Discord, with discord.js' own session and REST in the adapter. */
async function startStage(): Promise<Stage> {
  await using made = new AsyncDisposableStack();
  const lab = made.use(await startDiscord({ rateLimits: false }));
  const { token, guildId: guild, api: apiUrl } = lab;
  const outfit = { token, guild, apiUrl, menu: commands, log: makeLog('discord', 'silent') };
  const platform = openDiscord({ ...outfit, lead: leads });
  const notes = takeNotes();
  await platform.start(notes.listener);
  made.defer(() => platform.stop());
  const running = made.move();
  const messageAt = (id: string) => lab.world.messages.get(id);
  const nameOf = (id: string) => {
    const role = lab.world.roles.get(id);
    return `discord:${role ? role.name : id}`;
  };
  return {
    ...notes,
    platform,
    place: { platform: 'discord', channel: lab.channel('ops') },
    ana: discordActor(lab, 'ana'),
    ben: discordActor(lab, 'ben'),
    benIn: ['discord:ops', 'discord:platform'],
    closed: { platform: 'discord', channel: lab.channel('no-bots') },
    async another() {
      const other = openDiscord({ ...outfit, lead: leadsNever, clock: hasty });
      await other.start(notes.listener);
      running.defer(() => other.stop());
      return other;
    },
    messages: () => lab.messages('ops').map(textOf),
    thread: ({ id }) => lab.thread(id)?.messages.map(textOf) ?? [],
    files: ({ id }) =>
      messageAt(id)?.attachments.map(({ filename, bytes }) => [filename, String(bytes)] as const) ?? [],
    links: ({ id }) => buttonsIn(id).flatMap(({ url }) => url ?? []),
    pinged({ id }) {
      const { mentions = [], mentionsEveryone = false } = messageAt(id) ?? {};
      return [...mentions.map(nameOf), ...(mentionsEveryone ? ['everybody'] : [])];
    },
    until: async (look, what) => void (await lab.until(look, what)),
    loseNextAnswer: () => void lab.faults.push({ on: 'rest', method: 'POST', path: /messages$/, mode: 'drop-after' }),
    remove: ({ id }) => lab.deleteMessage(id),
    deliverTwice: () => void lab.faults.push({ on: 'gateway', mode: 'twice' }),
    listens: async () => lab.gateway.connected() > 0,
    violations: () => lab.violations,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };

  function buttonsIn(id: string) {
    const message = messageAt(id);
    return message ? buttonsOf(message) : [];
  }
}

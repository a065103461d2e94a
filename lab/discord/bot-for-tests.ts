import { Client, Events, type Interaction, Partials } from 'discord.js';
import { type DiscordLab, type DiscordOptions, startDiscord } from './start.ts';

/** A lab and a bot of discord.js in it, which is in READY. */
export interface Setting extends AsyncDisposable {
  readonly lab: DiscordLab;
  readonly client: Client<true>;
  /** Resolves when the bot has done with every interaction that it got so far; rejects when one made it fail. */
  settled(): Promise<void>;
}

export const vmCommand = {
  name: 'vm',
  description: 'Machines',
  options: [
    {
      type: 1,
      name: 'create',
      description: 'Make a machine',
      options: [
        { type: 3, name: 'name', description: 'How it is called', required: true },
        {
          type: 3,
          name: 'size',
          description: 'How big',
          choices: ['small', 'medium'].map((name) => ({ name, value: name })),
        },
        { type: 3, name: 'template', description: 'Made of', autocomplete: true },
        { type: 4, name: 'cpus', description: 'Processors', min_value: 1, max_value: 64 },
        { type: 5, name: 'start', description: 'Start it at once' },
      ],
    },
    { type: 1, name: 'list', description: 'What there is' },
  ],
};

/** Starts both, and registers {@link vmCommand} for all guilds. */
export async function startSetting(
  onInteraction: (interaction: Interaction) => unknown,
  options: DiscordOptions = { rateLimits: false },
): Promise<Setting> {
  await using made = new AsyncDisposableStack();
  const lab = made.use(await startDiscord(options));
  const client = made.adopt(makeClient(lab), (one) => one.destroy());
  const doing: Promise<unknown>[] = [];
  client.on(Events.InteractionCreate, (interaction) => {
    doing.push(Promise.try(onInteraction, interaction));
  });
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(lab.token);
  const readyClient = await ready;
  await client.rest.put(`/applications/${lab.applicationId}/commands`, { body: [vmCommand] });
  const running = made.move();
  return {
    lab,
    client: readyClient,
    settled: async () => void (await Promise.all(doing)),
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(doing);
      await running.disposeAsync();
      await Promise.all(doing);
    },
  };
}

/** Hears of guilds and of messages, also direct ones, and of what `more` says: intents as bits. */
export function makeClient(lab: DiscordLab, more = 0): Client {
  const intents = 1 | (1 << 9) | (1 << 12) | more;
  return new Client({ intents, partials: [Partials.Channel], rest: { api: lab.api, version: '10' } });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationCommandOptionTypes, ApplicationCommandTypes, Client } from 'oceanic.js';
import { textOf } from './people/look.ts';
import { type DiscordLab, startDiscord } from './start.ts';

test('Oceanic, a client that nobody here wrote, takes a command, a press and a form', async () => {
  await using lab = await startDiscord();
  await using stack = new AsyncDisposableStack();
  const client = stack.adopt(await connect(lab), (one) => one.disconnect(false));
  client.on('interactionCreate', async (interaction) => {
    if (interaction.isCommandInteraction()) {
      await interaction.defer();
      const name = interaction.data.options.getString('name', true);
      await interaction.editOriginal({
        content: `made ${name}`,
        components: [{ type: 1, components: [{ type: 2, style: 4, label: 'Stop', customID: 'stop' }] }],
      });
    }
    if (interaction.isComponentInteraction()) {
      await interaction.createModal({
        title: 'Stop it?',
        customID: 'sure',
        components: [{ type: 1, components: [{ type: 4, style: 1, label: 'Why', customID: 'why' }] }],
      });
    }
    if (interaction.isModalSubmitInteraction()) {
      await interaction.createMessage({ content: interaction.data.components.getTextInput('why', true), flags: 64 });
    }
  });
  const ana = lab.user('ana');

  const { message } = await ana.run('ops', 'vm', { name: 'k8s-dev' });
  await lab.until(() => message && textOf(message) === 'made k8s-dev');
  assert.ok(message);
  const { modal } = await ana.press(message, 'Stop');
  assert.ok(modal);
  const answer = await ana.fill(modal, { Why: 'it is late' });
  await client.rest.channels.createMessage(lab.channel('random'), { content: 'and a message' });

  assert.deepEqual([answer.text, answer.ephemeral], ['it is late', true]);
  assert.deepEqual(lab.messages('random').map(textOf), ['and a message']);
  assert.deepEqual(lab.violations, []);
});

async function connect(lab: DiscordLab): Promise<Client> {
  const client = new Client({
    auth: `Bot ${lab.token}`,
    gateway: { intents: ['GUILDS'], autoReconnect: false },
    rest: { baseURL: `${lab.api}/v10` },
  });
  const ready = new Promise<void>((resolve) => client.once('ready', () => resolve()));
  await client.connect();
  await ready;
  const options = [
    {
      type: ApplicationCommandOptionTypes.STRING as const,
      name: 'name',
      description: 'How it is called',
      required: true,
    },
  ];
  const command = { type: ApplicationCommandTypes.CHAT_INPUT as const, name: 'vm', description: 'Machines', options };
  await client.application.createGlobalCommand(command);
  return client;
}

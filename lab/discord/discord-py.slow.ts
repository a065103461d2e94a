import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { buttonsOf, textOf } from './people/look.ts';
import { type DiscordLab, startDiscord } from './start.ts';

const python = '/usr/bin/python3';
const absent = spawnSync(python, ['-c', 'import discord']).status !== 0 && 'python3-discord is not installed';

/** A bot of discord.py: a command, a button that opens a form, a thread, a direct message. It reads a compressed gateway. */
const program = `
import sys, discord
from discord import app_commands
import discord.http, discord.gateway, yarl
discord.http.Route.BASE = sys.argv[1] + '/v10'
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sys.argv[3])
client = discord.Client(intents=discord.Intents(guilds=True))
tree = app_commands.CommandTree(client)

class Why(discord.ui.Modal, title='Why?'):
    reason = discord.ui.TextInput(label='Reason')
    async def on_submit(self, interaction):
        await interaction.response.send_message('because ' + self.reason.value, ephemeral=True)

class Card(discord.ui.View):
    @discord.ui.button(label='Why', style=discord.ButtonStyle.primary)
    async def why(self, interaction, button):
        await interaction.response.send_modal(Why())

@tree.command(description='Make a machine')
async def create(interaction: discord.Interaction, name: str, cpus: int = 2):
    await interaction.response.defer()
    message = await interaction.edit_original_response(content=f'made {name} with {cpus}', view=Card())
    thread = await interaction.channel.get_partial_message(message.id).create_thread(name='steps')
    await thread.send('step 1')
    await interaction.user.send('done')

@client.event
async def on_ready():
    await tree.sync()
    print('ready', flush=True)

client.run(sys.argv[2], log_handler=None)
`;

test('discord.py, a client that nobody here wrote, takes a command, a press and a form', { skip: absent }, async () => {
  await using lab = await startDiscord();
  await using _bot = await startBot(lab);
  const ana = lab.user('ana');

  const { message } = await ana.type('ops', '/create name:k8s-dev cpus:4');
  assert.ok(message);
  await lab.until(() => lab.dms('ana'));
  const { modal } = await ana.press(message, 'Why');
  assert.ok(modal);
  const answer = await ana.fill(modal, { Reason: 'it is late' });

  assert.equal(textOf(message), 'made k8s-dev with 4');
  assert.deepEqual(
    buttonsOf(message).map(({ label }) => label),
    ['Why'],
  );
  assert.deepEqual(lab.thread(message.id)?.messages.map(textOf), ['step 1']);
  assert.deepEqual(lab.dms('ana').map(textOf), ['done']);
  assert.deepEqual([answer.text, answer.ephemeral], ['because it is late', true]);
  assert.deepEqual(lab.violations, []);
});

async function startBot(lab: DiscordLab): Promise<AsyncDisposable> {
  const bot = spawn(python, ['-c', program, lab.api, lab.token, lab.url.replace('http', 'ws')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(bot.stdout);
  await once(lines, 'line');
  return {
    async [Symbol.asyncDispose]() {
      const ended = once(bot, 'exit');
      bot.kill('SIGKILL');
      await ended;
    },
  };
}

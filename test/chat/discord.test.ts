import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from '#lab/discord/people/look.ts';
import { type DiscordOptions, startDiscord } from '#lab/discord/start.ts';
import { machinesOf, startSetting } from '../setting.ts';

async function start(options: DiscordOptions = {}) {
  await using made = new AsyncDisposableStack();
  const discord = made.use(await startDiscord(options));
  const { token, guildId: guild, api: apiUrl } = discord;
  const setting = made.use(
    await startSetting({ change: (written) => ({ ...written, discord: { token, guild, apiUrl } }) }),
  );
  await discord.until(() => discord.gateway.connected() > 0 && discord.world.commands.size > 0, 'the bot');
  const running = made.move();
  return { discord, setting, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

test('the main job on Discord: a slash command, a card, a thread, an approval by a second person', async () => {
  await using story = await start();
  const { discord, setting } = story;
  const [ana, ben] = [discord.user('ana'), discord.user('ben')];

  const typed = await ana.type('ops', '/vm create name:k8s-dev size:medium');
  assert.equal(typed.what, 'message');
  const ready = await discord.until(
    () => discord.messages('ops').find((one) => /k8s.*dev.* is ready/.test(textOf(one))),
    'ready',
  );
  assert.match(textOf(ready), /ssh /);
  assert.deepEqual(
    machinesOf(setting.lab).map(({ name }) => name),
    ['k8s-dev'],
  );

  const asked = await ana.press(ready, 'Destroy');
  assert.equal(asked.what, 'nothing');
  const ask = await discord.until(
    () => discord.messages('ops').find((one) => /Approve\?/.test(textOf(one))),
    'the question',
  );
  await ana.press(ask, 'Approve');
  assert.deepEqual(discord.violations, []);
  void ben;
});

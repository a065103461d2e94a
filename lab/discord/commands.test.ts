import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSetting } from './bot-for-tests.ts';
import { textOf } from './people/look.ts';
import { startDiscord } from './start.ts';

test('a typed command reaches the bot with its options, and its answer the channel', async () => {
  await using setting = await startSetting(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    const { options } = interaction;
    const size = options.getString('size');
    await interaction.reply(
      `${options.getSubcommand()} ${options.getString('name')} ${size} ${options.getInteger('cpus')}`,
    );
  });
  const { lab } = setting;

  const shown = await lab.user('ana').type('ops', '/vm create name:k8s dev size:medium cpus:4');

  assert.equal(shown.what, 'message');
  assert.equal(shown.text, 'create k8s dev medium 4');
  assert.deepEqual(lab.messages('ops').map(textOf), [shown.text]);
  assert.deepEqual(lab.violations, []);
});

test('an interaction tells who acts, with their roles and rights', async () => {
  const seen: unknown[] = [];
  await using setting = await startSetting(async (interaction) => {
    if (!interaction.inCachedGuild() || !interaction.isChatInputCommand()) return;
    seen.push(interaction.member.displayName, interaction.member.roles.cache.map(({ name }) => name).sort());
    seen.push(
      interaction.memberPermissions.has('UseApplicationCommands'),
      interaction.appPermissions.has('Administrator'),
    );
    seen.push(interaction.channel?.name, interaction.locale, interaction.attachmentSizeLimit);
    await interaction.reply({ content: 'ok', flags: 64 });
  });

  await setting.lab.user('ben').run('ops', 'vm list');

  assert.deepEqual(seen, ['Ben', ['@everyone', 'ops', 'platform'], true, false, 'ops', 'en-US', 10 * 1024 * 1024]);
});

test('what is suggested while typing comes from the bot', async () => {
  await using setting = await startSetting(async (interaction) => {
    if (!interaction.isAutocomplete()) return;
    const { name, value } = interaction.options.getFocused(true);
    await interaction.respond([{ name: `${name} ${value}an`, value: `${value}an` }]);
  });
  const { lab } = setting;

  const choices = await lab.user('ana').suggest('ops', 'vm create', 'template', 'debi', { name: 'x' });

  assert.deepEqual(choices, [{ name: 'template debian', value: 'debian' }]);
  assert.deepEqual(lab.violations, []);
});

test('the client itself refuses what Discord’s would', async () => {
  await using setting = await startSetting(() => {});
  const ana = setting.lab.user('ana');

  await assert.rejects(ana.type('ops', '/vm create'), /name: This option is required/);
  await assert.rejects(ana.type('ops', '/vm create name:x size:huge'), /not one of small, medium/);
  await assert.rejects(ana.type('ops', '/vm create name:x cpus:65'), /most is 64/);
  await assert.rejects(ana.type('ops', '/vm paint'), /There is no command for/);
});

test('a command stands in direct messages too, without a guild', async () => {
  await using setting = await startSetting(async (interaction) => {
    if (interaction.isChatInputCommand())
      await interaction.reply(`${interaction.guildId} ${interaction.user.username}`);
  });
  const cleo = setting.lab.user('cleo');

  const shown = await cleo.run(cleo.direct(), 'vm list');

  assert.equal(shown.text, 'null cleo');
  assert.deepEqual(setting.lab.dms('cleo').map(textOf), ['null cleo']);
});

test('without an answer the client gives up after three seconds', async () => {
  await using setting = await startSetting(() => {});
  const { lab } = setting;
  const shown = lab.user('ana').run('ops', 'vm list');

  lab.pass(3_000);

  assert.equal((await shown).text, 'The application did not respond');
});

test('without a gateway session it gives up at once', async () => {
  await using lab = await startDiscord();
  const command = { type: 1, description: 'd', options: [], more: {}, version: '1', guildId: undefined };
  lab.world.commands.set('1', { id: '1', name: 'ping', ...command });

  const shown = await lab.user('ana').run('ops', 'ping');

  assert.equal(shown.what, 'failed');
});

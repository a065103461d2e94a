import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSetting } from './bot-for-tests.ts';
import { textOf } from './people/look.ts';

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

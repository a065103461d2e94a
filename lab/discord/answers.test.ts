import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DiscordAPIError, type Interaction, MessageFlags } from 'discord.js';
import { startSetting } from './bot-for-tests.ts';
import { fieldsOf } from './people/forms.ts';
import { buttonsOf, textOf } from './people/look.ts';

const container = (text: string, ...labels: string[]) => [
  {
    type: 17,
    components: [
      { type: 10, content: text },
      { type: 1, components: labels.map((label) => ({ type: 2, style: 1, label, custom_id: label.toLowerCase() })) },
    ],
  },
];

test('a deferred answer shows "thinking", then what it is edited to', async () => {
  const { promise: go, resolve } = Promise.withResolvers<void>();
  await using setting = await startSetting(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    await interaction.deferReply();
    await go;
    await interaction.editReply({ flags: MessageFlags.IsComponentsV2, components: container('ready', 'Stop') });
  });
  const { lab } = setting;

  const shown = await lab.user('ana').run('ops', 'vm list');
  resolve();
  const message = await lab.until(() => lab.messages('ops').find((one) => textOf(one) === 'ready'));

  assert.equal(shown.what, 'thinking');
  assert.deepEqual(
    buttonsOf(message).map(({ label }) => label),
    ['Stop'],
  );
  assert.equal(message.editedAt, undefined);
  assert.deepEqual(lab.violations, []);
});

test('an ephemeral answer is seen by one person alone', async () => {
  await using setting = await startSetting(async (interaction) => {
    if (interaction.isChatInputCommand()) await interaction.reply({ content: 'psst', flags: MessageFlags.Ephemeral });
  });
  const { lab } = setting;

  const shown = await lab.user('ana').run('ops', 'vm list');

  assert.equal(shown.ephemeral, true);
  assert.deepEqual(lab.ephemerals('ana').map(textOf), ['psst']);
  assert.deepEqual([lab.ephemerals('ben'), lab.messages('ops')], [[], []]);
});

test('an interaction is answered once: 40060, and not late: 10062', async () => {
  const codes: unknown[] = [];
  await using setting = await startSetting(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    const reply = () =>
      interaction.client.rest.post(`/interactions/${interaction.id}/${interaction.token}/callback`, {
        body: { type: 4, data: { content: 'x' } },
        auth: false,
      });
    if (interaction.options.getSubcommand() === 'create') setting.lab.pass(3_001);
    else await reply();
    await reply().catch((error: unknown) => codes.push((error as DiscordAPIError).code));
  });
  const { lab } = setting;

  await lab.user('ana').run('ops', 'vm list');
  await setting.settled();
  await lab.user('ana').run('ops', 'vm create', { name: 'x' });
  await setting.settled();

  assert.deepEqual(codes, [40060, 10062]);
});

test('an interaction’s token is good for a quarter of an hour', async () => {
  const late: unknown[] = [];
  await using setting = await startSetting(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    await interaction.deferReply();
    setting.lab.pass(14 * 60_000);
    await interaction.editReply('almost');
    setting.lab.pass(2 * 60_000);
    await interaction.editReply('late').catch((error: unknown) => late.push(error));
  });

  await setting.lab.user('ana').run('ops', 'vm list');
  await setting.settled();

  assert.ok(late[0] instanceof DiscordAPIError);
  assert.equal(late[0].code, 50027);
});

test('a button changes its message, or opens a form that is sent and answered', async () => {
  await using setting = await startSetting(async (interaction) => {
    if (interaction.isChatInputCommand()) {
      await interaction.reply({ flags: MessageFlags.IsComponentsV2, components: container('card', 'More', 'Why') });
    }
    if (interaction.isButton() && interaction.customId === 'more') {
      await interaction.update({ components: container('changed', 'Why') });
    }
    if (interaction.isButton() && interaction.customId === 'why') await openForm(interaction);
    if (interaction.isModalSubmit()) {
      const { fields } = interaction;
      await interaction.reply(`${fields.getTextInputValue('reason')} ${fields.getStringSelectValues('size')}`);
    }
  });
  const { lab } = setting;
  const ana = lab.user('ana');
  const { message } = await ana.run('ops', 'vm list');
  assert.ok(message);

  const updated = await ana.press(message, 'More');
  const form = await ana.press(message, 'Why');
  assert.ok(form.modal);
  const fields = fieldsOf(form.modal).map(({ label }) => label);
  const answered = await ana.fill(form.modal, { Reason: 'too small', Size: 'Large' });

  assert.deepEqual([updated.what, textOf(message)], ['updated', 'changed']);
  assert.deepEqual(fields, ['Reason', 'Size']);
  assert.equal(answered.text, 'too small l');
  assert.deepEqual([lab.modals('ana'), lab.violations], [[], []]);
});

async function openForm(interaction: Interaction & { isButton(): boolean }): Promise<void> {
  if (!interaction.isButton()) return;
  await interaction.showModal({
    custom_id: 'form',
    title: 'Why?',
    components: [
      { type: 18, label: 'Reason', component: { type: 4, custom_id: 'reason', style: 2, max_length: 500 } },
      {
        type: 18,
        label: 'Size',
        description: 'How big',
        component: {
          type: 3,
          custom_id: 'size',
          options: [
            { label: 'Large', value: 'l' },
            { label: 'Small', value: 's' },
          ],
        },
      },
    ],
  });
}

test('further answers follow, each to be changed by the same token', async () => {
  await using setting = await startSetting(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    const first = await interaction.reply({ content: 'one', withResponse: true });
    assert.equal(first.resource?.message?.content, 'one');
    const second = await interaction.followUp({ content: 'two', flags: MessageFlags.Ephemeral });
    await interaction.editReply({ content: 'two again', message: second.id });
    await interaction.deleteReply();
  });
  const { lab } = setting;

  await lab.user('ana').run('ops', 'vm list');
  await lab.until(() => lab.ephemerals('ana').some((one) => textOf(one) === 'two again'));
  await lab.until(() => lab.messages('ops').length === 0);

  assert.deepEqual(lab.violations, []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBrowser } from '#test/browser.ts';
import { startSetting } from './bot-for-tests.ts';
import { textOf } from './people/look.ts';

test('a person types a command on the page, takes what is offered, presses and fills in', async () => {
  await using setting = await startSetting(async (interaction) => {
    if (interaction.isAutocomplete()) await interaction.respond([{ name: 'Debian 12', value: 'debian-12' }]);
    if (interaction.isChatInputCommand()) {
      const text = `${interaction.options.getString('name')} of ${interaction.options.getString('template')}`;
      const button = { type: 2, style: 4, label: 'Stop', custom_id: 'stop' };
      await interaction.reply({ content: text, components: [{ type: 1, components: [button] }] });
    }
    if (interaction.isButton()) {
      const input = { type: 4 as const, custom_id: 'why', style: 1 as const };
      await interaction.showModal({
        custom_id: 'f',
        title: 'Stop it?',
        components: [{ type: 18, label: 'Why', component: input }],
      });
    }
    if (interaction.isModalSubmit()) {
      await interaction.reply({ content: `Stopped: ${interaction.fields.getTextInputValue('why')}`, flags: 64 });
    }
  });
  const { lab } = setting;
  await using stack = new AsyncDisposableStack();
  const browser = stack.adopt(await openBrowser(), (one) => one.close());
  const page = await browser.newPage();
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(error.message));
  await page.goto(lab.url);

  const line = page.getByLabel('Message #ops');
  await line.pressSequentially('/vm cr');
  await line.press('Tab');
  await line.pressSequentially('name:web template:deb');
  await page.getByRole('option', { name: /Debian 12/ }).waitFor();
  await line.press('Tab');
  await line.press('Enter');
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByLabel('Why').fill('it is late');
  await page.getByRole('button', { name: 'Submit' }).click();
  await page.getByText('Stopped: it is late').waitFor();
  await page.getByText('Only you can see this').waitFor();
  await page.getByRole('button', { name: 'Be Ben' }).click();
  await page.getByText('web of debian-12').waitFor();

  assert.deepEqual(lab.messages('ops').map(textOf), ['web of debian-12']);
  assert.equal(await page.getByText('Stopped: it is late').count(), 0);
  assert.deepEqual([wrong, lab.violations], [[], []]);
});

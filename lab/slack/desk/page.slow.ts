import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBrowser } from '#test/browser.ts';
import { startApp } from '../app-for-tests.ts';
import { startSlack } from '../start.ts';

const label = (text: string) => ({ type: 'plain_text' as const, text });
const name = { type: 'plain_text_input' as const, action_id: 'value' };
const template = { type: 'external_select' as const, action_id: 'value', min_query_length: 0 };
const form = {
  type: 'modal' as const,
  title: label('Create'),
  submit: label('Go'),
  blocks: [
    { type: 'input' as const, block_id: 'name', label: label('Name'), element: name },
    { type: 'input' as const, block_id: 'template', label: label('Template'), element: template },
  ],
};
const sure = { title: label('Sure?'), text: label('It starts at once.'), confirm: label('Yes'), deny: label('No') };

test('in a browser: a command opens a form, the form is refused and taken, a button asks and is pressed', async () => {
  await using lab = await startSlack();
  await using app = await startApp(lab, async ({ type, body, ack }, web) => {
    if (body.type === 'block_suggestion') return ack({ options: [{ text: label('Debian 12'), value: 'debian-12' }] });
    if (body.type === 'view_submission' && body.view.state.values.name.value.value === 'bad') {
      return ack({ response_action: 'errors', errors: { name: 'It is taken.' } });
    }
    await ack();
    if (type === 'slash_commands') await web.views.open({ trigger_id: body.trigger_id, view: form });
    if (body.type === 'view_submission') {
      const approve = {
        type: 'button' as const,
        action_id: 'go',
        value: 'token',
        text: label('Approve'),
        confirm: sure,
      };
      const blocks = [{ type: 'actions' as const, elements: [approve] }];
      await web.chat.postMessage({ channel: 'C0OPS', text: 'Approve?', blocks });
    }
    if (body.type === 'block_actions') {
      await web.chat.update({ channel: body.channel.id, ts: body.message.ts, text: `Approved by <@${body.user.id}>` });
    }
    return undefined;
  });
  const browser = await openBrowser();
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.goto(lab.url);

  await page.getByPlaceholder('Message #ops').fill('/vm create');
  await page.keyboard.press('Enter');
  await page.getByLabel('Name', { exact: true }).fill('bad');
  await page.getByLabel('Template', { exact: true }).fill('deb');
  await page.getByRole('option', { name: 'Debian 12' }).click();
  await page.getByRole('button', { name: 'Go' }).click();
  await page.getByText('It is taken.').waitFor();
  await page.getByLabel('Name', { exact: true }).fill('good');
  await page.getByRole('button', { name: 'Go' }).click();
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('button', { name: 'Yes' }).click();
  await page.getByText('Approved by @ana').waitFor();
  await browser.close();

  assert.equal(app.heard.filter(({ body }) => body.type === 'view_submission').length, 2);
  assert.deepEqual([problems, lab.violations], [[], []]);
});

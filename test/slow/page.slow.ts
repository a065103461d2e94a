import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Block, Card } from '#base/card.ts';
import { RemoteError } from '#base/errors.ts';
import { makeLog } from '#base/log.ts';
import type { Form } from '#chat/form.ts';
import { takeNotes } from '#chat/notes-for-tests.ts';
import { once } from '#chat/once-for-tests.ts';
import { openMemoryStore } from '#chat/web/memory-store.ts';
import { openWeb } from '#chat/web/web.ts';
import { openBrowser, signIn, typeLine } from '../browser.ts';

const ops = { platform: 'web', channel: 'ops' };
const card = (text: string, ...more: Block[]): Card => ({
  tone: 'info',
  fallback: text,
  blocks: [{ kind: 'text', text }, ...more],
});

const form: Form = {
  token: 'form-token',
  title: '/vm create',
  send: 'Create',
  about: 'Make a VM from a template and wait until it answers by SSH.',
  takesMore: true,
  fields: [
    { name: 'name', label: 'Name', about: 'Its host name.', kind: 'text', required: true, max: 63 },
    { name: 'size', label: 'Size', about: 'How big it is.', kind: 'word', required: false },
    {
      name: 'clone',
      label: 'Clone',
      about: 'linked is quick.',
      kind: 'choice',
      choices: ['linked', 'full'],
      required: false,
    },
    { name: 'keep', label: 'Keep if it fails', about: 'For a look.', kind: 'flag', required: false },
    { name: 'why', label: 'Why', about: 'Who asked for it.', kind: 'long', required: false },
  ],
};

/** The page in a real browser, with a bot behind it that does as the test says. */
async function openPage() {
  await using made = new AsyncDisposableStack();
  const people = [
    { key: 'ana', name: 'Ana', groups: ['platform'] },
    { key: 'ben', name: 'Ben', groups: ['ops'] },
  ];
  const log = makeLog('web', 'silent');
  const web = openWeb({ host: '127.0.0.1', port: 0, store: openMemoryStore(), people, signIn: 'pick', log });
  const notes = takeNotes();
  await web.start(notes.listener);
  made.defer(() => web.stop());
  const browser = await openBrowser();
  made.defer(() => browser.close());
  const page = await signIn(browser, web.url, 'Ana');
  const all = made.move();
  return { ...notes, web, browser, page, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

const focused = (page: Page) => page.locator(':focus').getAttribute('id');

test('a form takes words, keeps what was typed when it is refused, and gives the focus back', async () => {
  await using own = await openPage();
  const { page, does, heard } = own;
  does.command = async () => form;
  does.words = async ({ typed }) =>
    ['small', 'medium'].filter((word) => word.startsWith(typed)).map((word) => ({ word, about: '' }));
  does.submit = async ({ values }) =>
    values.name === 'k8s_dev' ? { name: 'That is no host name: k8s_dev.' } : undefined;

  await typeLine(page, '/vm create');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('k8s_dev');
  await dialog.getByLabel('Size').fill('me');
  await dialog.locator('datalist option[value="medium"]').waitFor({ state: 'attached' });
  await dialog.getByLabel('Size').fill('medium');
  await dialog.getByLabel('Keep if it fails').check();
  await dialog.getByLabel('Why').fill('for tests');
  await dialog.getByLabel('Name').press('Enter');
  await dialog.getByText('That is no host name: k8s_dev.').waitFor();
  assert.equal(await focused(page), 'field-name');
  assert.equal(await dialog.getByLabel('Why').inputValue(), 'for tests');
  await dialog.getByLabel('Name').fill('k8s-dev');
  await dialog.getByLabel('Name').press('Enter');
  await dialog.waitFor({ state: 'hidden' });

  assert.deepEqual(heard.forms.at(-1)?.values, { name: 'k8s-dev', size: 'medium', keep: true, why: 'for tests' });
  assert.equal(await focused(page), 'line');
});

test('Escape closes a form, and nothing is sent', async () => {
  await using own = await openPage();
  const { page, does, heard } = own;
  does.command = async () => form;

  await typeLine(page, '/vm create');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  assert.deepEqual([heard.forms, await focused(page)], [[], 'line']);
});

test('a line that was not kept stays in the command line, with the reason above it', async () => {
  await using own = await openPage();
  own.does.command = () => Promise.reject(new RemoteError('Redis', 'It cannot be reached.', { outcome: 'passing' }));

  await typeLine(own.page, '/vm create k8s-dev');

  await own.page
    .getByText(/It cannot be reached/)
    .first()
    .waitFor();
  assert.equal(await own.page.getByRole('combobox', { name: 'Command' }).inputValue(), '/vm create k8s-dev');
});

test('a file can be looked into and saved; the command at a foot is copied by a click', async () => {
  await using own = await openPage();
  const { page, web } = own;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const log = Array.from({ length: 300 }, (_, at) => `line ${at}`).join('\n');
  await web.post(
    ops,
    card(
      'The log of r-1.',
      { kind: 'file', name: 'r-1.log', text: log },
      {
        kind: 'actions',
        actions: [
          { label: 'Console', href: 'https://bot.example/jobs/r-1' },
          { label: 'Retry', token: 't' },
        ],
      },
      {
        kind: 'small',
        text: [
          'Run ',
          { code: 'r-1' },
          ' · asked by ',
          { who: 'ana', name: 'Ana' },
          ' · ',
          { code: '/vm create k8s-dev' },
        ],
      },
    ),
    once('log'),
  );

  await page.getByText('r-1.log').click();
  await page.getByText('line 299').waitFor();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  await page.getByRole('button', { name: '/vm create k8s-dev' }).click();
  await page.getByText('Copied').waitFor();

  assert.equal(saved.suggestedFilename(), 'r-1.log');
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), '/vm create k8s-dev');
  assert.equal(await page.getByRole('link', { name: 'Console' }).getAttribute('href'), 'https://bot.example/jobs/r-1');
});

test('a direct message marks its channel until it is read, also after the page was opened anew', async () => {
  await using own = await openPage();
  const { page, web } = own;
  const direct = page.locator('.channel', { hasText: 'Direct' });
  await web.post(await web.direct('ana'), card('k8s-dev is ready.'), once('dm'));

  await page.locator('.channel.unread', { hasText: 'Direct' }).waitFor();
  await page.reload();
  await page.locator('.channel.unread', { hasText: 'Direct' }).waitFor();
  await direct.click();
  await page.getByText('k8s-dev is ready.').waitFor();
  await page.locator('.channel', { hasText: 'ops' }).click();

  await page.locator('.channel[aria-current="page"]', { hasText: 'ops' }).waitFor();
  assert.equal(await page.locator('.channel.unread').count(), 0);
});

test('a button of a private card can be pressed again, and the home view is drawn anew after a press', async () => {
  await using own = await openPage();
  const { page, web, does, heard } = own;
  let waiting = 1;
  const button = (label: string, token: string): Block => ({ kind: 'actions', actions: [{ label, token }] });
  does.home = async () => ({
    ...card(`${waiting} wait for you.`, button('Approve', 'yes')),
    blocks: [
      { kind: 'title', text: 'Waiting for you' },
      { kind: 'text', text: `${waiting} wait for you.` },
      button('Approve', 'yes'),
    ],
  });
  does.press = async ({ token }) => {
    if (token === 'yes') waiting = 0;
    return 'private';
  };
  await web.whisper(ops, 'ana', card('There is no template.', button('Build it', 'build')), once('answer:1'));

  for (let i = 0; i < 2; i++) await page.getByRole('button', { name: 'Build it' }).click();
  await page.getByRole('button', { name: 'Home' }).click();
  await page.getByText('1 wait for you.').waitFor();
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText('0 wait for you.').waitFor();

  assert.deepEqual(
    heard.presses.map(({ token }) => token),
    ['build', 'build', 'yes'],
  );
});

test('a card that calls somebody says so to them, in the dark and on a phone too', async () => {
  await using own = await openPage();
  const { page, web, browser } = own;
  const ask = {
    ...card('Approve?', { kind: 'actions', actions: [{ label: 'Approve', token: 'yes', tone: 'primary' }] }),
    tone: 'ask' as const,
    ping: ['ops'],
  };
  await web.post(
    ops,
    { ...ask, blocks: [{ kind: 'title', text: ['Destroy ', { b: 'k8s-dev' }, '?'] }, ...ask.blocks] },
    once('ask'),
  );

  const phone = await signIn(browser, web.url, 'Ben', { dark: true, width: 390 });
  await phone.getByText('Calls you').waitFor();
  own.does.command = async () => form;
  await typeLine(phone, '/vm create');
  await phone.getByRole('dialog').waitFor();

  assert.equal(await page.getByText('Calls you').count(), 0);
});

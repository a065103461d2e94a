import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSetting } from '../bot-for-tests.ts';
import { type DiscordLab, startDiscord } from '../start.ts';
import type { View } from './view.ts';

test('the page and its parts are there', async () => {
  await using lab = await startDiscord();

  const [page, script] = await Promise.all([fetch(lab.url), fetch(`${lab.url}/main.js`)]);

  assert.match(await page.text(), /<title>Discord \(lab\)/);
  assert.equal(script.headers.get('content-type'), 'text/javascript; charset=utf-8');
});

test('a person hears of what they can see, and of nobody else’s private answers', async () => {
  await using setting = await startSetting(async (interaction) => {
    if (interaction.isChatInputCommand()) await interaction.reply({ content: 'psst', flags: 64 });
  });
  const { lab } = setting;
  const ben = lab.user('ben').say('ops', `<@${lab.user('ana').id}> look`);

  const answer = await act(lab, 'ana', { do: 'type', channel: lab.channel('ops'), line: '/vm list' });
  const [ana, cleo] = [await viewOf(lab, 'ana'), await viewOf(lab, 'cleo')];

  assert.deepEqual(answer.body, { what: 'message', text: 'psst' });
  assert.deepEqual(
    ana.open[0]?.messages.map(({ content, only, pings }) => [content, only, pings]),
    [
      [ben.content, false, true],
      ['psst', true, false],
    ],
  );
  assert.equal(cleo.open[0]?.messages.length, 1);
  assert.deepEqual(
    ana.menu.map(({ name }) => name),
    ['vm create', 'vm list'],
  );
});

test('what the client refuses is told, and other pages’ requests are not heard', async () => {
  await using lab = await startDiscord();
  const foreign = await fetch(`${lab.url}/_lab/act?user=ana`, { method: 'POST', body: '{"do":"close"}' });

  const refused = await act(lab, 'ana', { do: 'type', channel: lab.channel('ops'), line: '/nonsense' });

  assert.equal(foreign.status, 415);
  assert.deepEqual(refused, { status: 409, body: { why: 'There is no command for /nonsense here. There are: none.' } });
});

async function act(lab: DiscordLab, user: string, doing: object): Promise<{ status: number; body: unknown }> {
  const headers = { 'content-type': 'application/json' };
  const request = { method: 'POST', headers, body: JSON.stringify(doing) };
  const response = await fetch(`${lab.url}/_lab/act?user=${user}`, request);
  return { status: response.status, body: await response.json() };
}

/** The first event of the live view. */
async function viewOf(lab: DiscordLab, user: string): Promise<View> {
  const leave = new AbortController();
  const response = await fetch(`${lab.url}/_lab/live?user=${user}&open=${lab.channel('ops')}`, {
    signal: leave.signal,
  });
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString('utf8');
    if (text.includes('\n\n')) break;
  }
  leave.abort();
  return JSON.parse(text.slice('data: '.length, text.indexOf('\n\n')));
}

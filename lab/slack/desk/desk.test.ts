import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../app-for-tests.ts';
import { type SlackLab, startSlack } from '../start.ts';

const post = (lab: SlackLab, what: string, doing: object, type = 'application/json') =>
  fetch(`${lab.url}/do/${what}`, { method: 'POST', headers: { 'Content-Type': type }, body: JSON.stringify(doing) });

test('the page is there, and loads nothing from elsewhere', async () => {
  await using lab = await startSlack();

  const response = await fetch(lab.url);
  const html = await response.text();

  assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'self'/);
  assert.doesNotMatch(html, /https?:/);
  const scripts = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path);
  const statuses = await Promise.all(scripts.map((path) => fetch(`${lab.url}${path}`).then(({ status }) => status)));
  assert.ok(statuses.length >= 5 && statuses.every((status) => status === 200));
});

test('what a person types on the page arrives, and what changes is told', async () => {
  await using lab = await startSlack();
  await using app = await startApp(lab, ({ ack }) => ack({ text: 'Here you are.' }));
  const stop = new AbortController();
  const events = await fetch(`${lab.url}/events?user=U0ANA`, { signal: stop.signal });
  const reader = events.body?.getReader();
  const next = async () =>
    JSON.parse(
      Buffer.from((await reader?.read())?.value ?? '')
        .toString()
        .replace('data: ', ''),
    );
  const first = await next();

  const answer = await post(lab, 'type', { user: 'ana', channel: 'C0OPS', text: '/vm list' });
  const shown = (await answer.json()) as { text: string };
  const second = await next();
  stop.abort();

  assert.equal(app.heard[0]?.body.text, 'list');
  assert.equal(shown.text, 'Here you are.');
  assert.deepEqual(first.messages.C0OPS, []);
  assert.deepEqual([second.messages.C0OPS[0].text, second.messages.C0OPS[0].onlyForMe], ['Here you are.', true]);
});

test('what Slack’s own client would refuse is told; forms of other pages are not taken', async () => {
  await using lab = await startSlack();

  const refused = await post(lab, 'type', { user: 'ana', channel: 'C0ATTIC', text: '/vm list' }).then((one) =>
    one.json(),
  );
  const foreign = await post(lab, 'type', { user: 'ana', channel: 'C0OPS', text: '/vm list' }, 'text/plain');

  assert.deepEqual(refused, { ok: false, text: 'C0ATTIC is archived.' });
  assert.equal(foreign.status, 415);
  assert.deepEqual(lab.deliveries, []);
});

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { json, makeVisitor, startConsole, statusWith } from './test-console.ts';

test('without a session nothing is told or done', async () => {
  await using own = await startConsole();
  const visits = [
    own.send('/api/events?channel=ops'),
    own.send('/api/complete?line='),
    own.send('/api/threads?message=1'),
    own.send('/api/commands', json({ id: crypto.randomUUID(), channel: 'ops', text: '/vm list' })),
    own.send('/api/presses', json({ id: crypto.randomUUID(), message: '1', token: 'x' })),
    makeVisitor(own.web.url, 'eyJwZXJzb24iOiJhbmEiLCJ1bnRpbCI6OTk5OTk5OTk5OTk5OX0.AAAA').type('/vm list'),
  ];

  const statuses = (await Promise.all(visits)).map(({ status }) => status);

  assert.deepEqual([statuses, own.heard.commands], [[401, 401, 401, 401, 401, 401], []]);
});

test('another site’s page cannot send anything', async () => {
  await using own = await startConsole();

  const response = await own.send('/api/sessions', json({ person: 'ana' }, { Origin: 'https://evil.example' }));

  assert.equal(response.status, 403);
  assert.match(await response.text(), /https:\/\/evil\.example/);
});

test('the console’s own page can', async () => {
  await using own = await startConsole();
  const { origin } = new URL(own.web.url);

  assert.equal((await own.send('/api/sessions', json({ person: 'ana' }, { Origin: origin }))).status, 201);
});

test('where nobody has to sign in, a foreign name for this address is refused', async () => {
  await using open = await startConsole();
  await using locked = await startConsole({ signIn: 'key' });

  const statuses = await Promise.all(
    [open, locked].map(({ web }) => statusWith(web.url, { Host: 'evil.example:8080' })),
  );

  assert.deepEqual(statuses, [421, 200]);
});

for (const [what, init, status, sentence] of [
  ['a body that is no JSON', { ...json({}), body: '{' }, 400, /not JSON/],
  ['a body of another type', { method: 'POST', body: 'person=ana' }, 415, /application\/json/],
  ['a body without what is needed', json({}), 400, /can't be read/],
  ['a body that is too long', json({ person: 'x'.repeat(20_000) }), 413, /16 KiB/],
  ['a person whom nobody knows', json({ person: 'eve' }), 404, /"eve"/],
  ['a key where nobody has one', json({ accessKey: 'x' }), 403, /pick a name/],
] as const) {
  test(`${what} is refused with a sentence`, async () => {
    await using own = await startConsole();

    const response = await own.send('/api/sessions', init);

    assert.equal(response.status, status);
    assert.match(((await response.json()) as { error: { message: string } }).error.message, sentence);
  });
}

test('a path that there is not and a method that does not fit are named', async () => {
  await using own = await startConsole();

  const [nowhere, wrong, outside] = await Promise.all([
    own.send('/api/nothing'),
    own.send('/api/commands'),
    own.send('/%2e%2e/web.ts'),
  ]);

  assert.deepEqual(
    [nowhere?.status, wrong?.status, wrong?.headers.get('allow'), outside?.status],
    [404, 405, 'POST', 404],
  );
});

test('a channel that there is not is named', async () => {
  await using own = await startConsole();
  const ana = await own.visit('ana');

  const response = await ana.get('/api/events?channel=secret');

  assert.match(await response.text(), /no channel \\"secret\\" here; there is ops/);
});

test('the page comes with a policy that lets nothing foreign or inline in', async () => {
  await using own = await startConsole();

  const response = await own.send('/');

  const policy = response.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.doesNotMatch(await response.text(), /<script(?![^>]*src=)|<style|style="|\son\w+=|https?:/);
});

test('a file that the browser has is not sent again', async () => {
  await using own = await startConsole();
  const first = await own.send('/main.js');

  const again = await own.send('/main.js', { headers: { 'If-None-Match': first.headers.get('etag') ?? '' } });

  assert.deepEqual([first.status, again.status, await again.text()], [200, 304, '']);
});

for (const [part, sent] of [
  ['headers trickle', 'POST /api/sessions HTTP/1.1\r\nHost: '],
  [
    'body trickles',
    'POST /api/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{',
  ],
] as const) {
  test(`a request whose ${part} is cut off when its time is over, and others are answered`, async () => {
    await using setting = await startConsole({ requestMs: 400 });
    const { hostname, port } = new URL(setting.web.url);
    const socket = connect({ host: hostname, port: Number(port) });
    const timer = setInterval(() => socket.write('x'), 20);
    const closed = new Promise((resolve) => socket.on('error', () => undefined).on('close', resolve));

    socket.write(sent);
    const other = await setting.send('/');
    await closed;
    clearInterval(timer);

    assert.equal(other.status, 200);
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSessions } from './session.ts';
import { ana, ben, json, makeVisitor, standingClock, startConsole } from './test-console.ts';

test('somebody’s own access key opens a session as that person', async () => {
  await using own = await startConsole({ signIn: 'key' });

  const response = await own.send('/api/sessions', json({ accessKey: ben.accessKey }));

  const { token, person } = (await response.json()) as { token: string; person: unknown };
  assert.deepEqual(person, { key: 'ben', name: 'Ben', groups: [] });
  assert.equal((await makeVisitor(own.web.url, token).get('/api/complete?line=')).status, 200);
});

test('a wrong key opens nothing, and neither does a name', async () => {
  await using own = await startConsole({ signIn: 'key', people: [ana, { key: 'eve', name: 'Eve', groups: [] }] });
  const tries = [{ accessKey: 'the key of ana, lonG' }, { accessKey: ' ' }, { person: 'ana' }];

  const statuses = await Promise.all(tries.map(async (one) => (await own.send('/api/sessions', json(one))).status));

  assert.deepEqual(statuses, [403, 403, 403]);
});

test('who is in the console is told to nobody before they signed in', async () => {
  await using own = await startConsole({ signIn: 'key' });

  assert.deepEqual(await (await own.send('/api/console')).json(), {
    title: 'Botswain',
    channels: ['ops'],
    signIn: 'key',
    people: [],
  });
});

test('after three wrong keys an address waits, longer each time, and then may try again', async () => {
  const clock = standingClock();
  await using own = await startConsole({ signIn: 'key', clock });
  const attempt = async (accessKey: string) => {
    const response = await own.send('/api/sessions', json({ accessKey }));
    return [response.status, response.headers.get('retry-after')];
  };
  for (let i = 0; i < 3; i++) await attempt('wrong');

  const waiting = await attempt(ana.accessKey);
  clock.moveOn(1000);
  await attempt('wrong');
  const waitingLonger = await attempt(ana.accessKey);
  clock.moveOn(2000);
  const atLast = await attempt(ana.accessKey);

  assert.deepEqual(
    [waiting, waitingLonger, atLast],
    [
      [429, '1'],
      [429, '2'],
      [201, null],
    ],
  );
});

test('a session lasts twelve hours', () => {
  const clock = standingClock();
  const sessions = openSessions({ secret: 'ours', people: [ana], clock });
  const { token } = sessions.open(ana);

  clock.moveOn(12 * 3600 * 1000 - 1);
  const before = sessions.read(token)?.person.key;
  clock.moveOn(1);

  assert.deepEqual([before, sessions.read(token)], ['ana', undefined]);
});

test('a session ends with its person, their access key or the secret', () => {
  const clock = standingClock();
  const { token } = openSessions({ secret: 'ours', people: [ana], clock }).open(ana);
  const others = [
    { secret: 'ours', people: [ben] },
    { secret: 'ours', people: [{ ...ana, accessKey: 'a new one of hers' }] },
    { secret: 'another', people: [ana] },
  ];

  const read = others.map((one) => openSessions({ ...one, clock }).read(token));

  assert.deepEqual(read, [undefined, undefined, undefined]);
});

test('a token cannot be made into somebody else’s', () => {
  const clock = standingClock();
  const sessions = openSessions({ secret: 'ours', people: [ana, ben], clock });
  const { token, until } = sessions.open(ana);
  const claim = Buffer.from(JSON.stringify({ person: 'ben', until })).toString('base64url');

  assert.equal(sessions.read(`${claim}.${token.split('.')[1]}`), undefined);
  assert.equal(sessions.read(''), undefined);
});

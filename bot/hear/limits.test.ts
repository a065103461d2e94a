import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OverLimit } from '#policy/quotas.ts';
import { ana, ben, openHearing } from './hearing-for-tests.ts';

type Hearing = Awaited<ReturnType<typeof openHearing>>;

const jobsOf = async ({ runs }: Hearing, by: string) => (await runs.list({ by, limit: 100 })).runs.length;

test('more commands a minute than one may give are refused in the answer itself, and nobody else waits for that', async () => {
  using hearing = await openHearing({ limits: { commandsPerMinute: 5 } });

  const lines = await Promise.allSettled(
    Array.from({ length: 50 }, (_, at) => hearing.type(ana, `/vm create a-${at}`)),
  );
  const other = await hearing.type(ben, '/vm create b');

  const refused = lines.flatMap((line) => (line.status === 'rejected' ? [line.reason] : []));
  assert.equal(await jobsOf(hearing, 'ana'), 50 - refused.length);
  // They may have come in two minutes.
  assert.ok(refused.length === 45 || refused.length === 40, `${refused.length} were refused`);
  for (const error of refused) {
    assert.ok(error instanceof OverLimit);
    assert.match(error.message, /^Ana, that is more than 5 commands in a minute: wait \d+ s\.$/);
  }
  assert.equal(other, 'public');
  assert.deepEqual(hearing.told, []);
});

test('lines that name no command count too, so that their answers do not stand before other people’s', async () => {
  using hearing = await openHearing({ limits: { commandsPerMinute: 5 } });

  const lines = await Promise.allSettled(Array.from({ length: 50 }, () => hearing.type(ana, '/vm crate x')));

  const refused = lines.filter(({ status }) => status === 'rejected').length;
  // They may have come in two minutes.
  assert.ok(refused === 45 || refused === 40, `${refused} were refused`);
});

test('whoever gave too many commands can still decide and stop', async () => {
  using hearing = await openHearing({ limits: { commandsPerMinute: 1 } });
  const question = { need: 1, groups: [], selfOk: false, expiresMs: 60_000 };
  const [running, asking] = [
    await hearing.put('vm create', 'running'),
    await hearing.put('vm destroy', 'asking', question),
  ];
  for (let at = 0; at < 4; at++) await hearing.type(ben, '/vm create b').catch(() => undefined);

  await hearing.press(ben, { kind: 'vote', run: asking, revision: 1, yes: true });
  await hearing.press(ben, { kind: 'run', run: running, verb: 'cancel' });
  const log = await hearing.press(ben, { kind: 'run', run: running, verb: 'log' }).catch((error: unknown) => error);

  assert.deepEqual((await hearing.changed()).slice(-2), ['approved', 'cancel asked']);
  assert.ok(log instanceof OverLimit);
});

test('stopping has a wider limit of its own, so that a rush of it stands before nobody either', async () => {
  using hearing = await openHearing({ limits: { commandsPerMinute: 1 } });

  const lines = await Promise.allSettled(Array.from({ length: 50 }, () => hearing.type(ana, '/job cancel r-none')));

  const refused = lines.flatMap((line) => (line.status === 'rejected' ? [line.reason] : []));
  const over = refused.filter((error) => error instanceof OverLimit);
  // They may have come in two minutes.
  assert.ok(over.length === 40 || over.length === 30, `${over.length} were refused`);
  assert.match(over[0]?.message ?? '', /^Ana, that is more than 10 commands in a minute/);
});

test('of one person’s jobs only so many wait, however many are asked for at once; those that have begun do not count', async () => {
  using hearing = await openHearing({ limits: { waiting: 3 } });
  for (let at = 0; at < 5; at++) await hearing.put('vm create', 'running');

  const lines = await Promise.allSettled(
    Array.from({ length: 10 }, (_, at) => hearing.type(ana, `/vm create a-${at}`)),
  );
  const other = await hearing.type(ben, '/vm create b');

  const [reason] = lines.flatMap((line) => (line.status === 'rejected' ? [String(line.reason.message)] : []));
  assert.equal(await jobsOf(hearing, 'ana'), 5 + 3);
  assert.match(reason ?? '', /Ana, 3 of your jobs have not begun: one person may have 3 that wait/);
  assert.equal(other, 'public');
});

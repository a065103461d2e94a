import assert from 'node:assert/strict';
import { test } from 'node:test';
import { abilitiesOf } from './abilities.ts';
import { makeKeys } from './keys.ts';
import { encodePatch } from './patch.ts';
import { call, type ScriptName } from './scripts.ts';
import { jobsOf, make } from './test-jobs.ts';
import { ana, openSetting, type Setting } from './test-setting.ts';

const abilities = abilitiesOf('w', jobsOf(make), new Map([['lab', null]]));

/** The scripts alone, without a worker: one run, spoken for as the test wants. */
function scriptsOf(setting: Setting) {
  const keys = makeKeys(setting.prefix);
  const run = (name: ScriptName, id: string, ...args: (string | number)[]) =>
    call(setting.redis, name, keys.of(id), args);
  return {
    run,
    async claim(id: string, owner = 'w1', leaseMs = 60_000) {
      const [verdict, epoch = '', , bells = ''] = await run('claim', id, owner, leaseMs, id, abilities, 100, 100);
      return { verdict, epoch, bells };
    },
    commit: (id: string, epoch: string, seq: number, what: string) =>
      run('commit', id, epoch, seq, '', ...encodePatch({ what, set: { note: what } })),
    audit: async () =>
      (await setting.redis.xrange(keys.audit, '-', '+')).map(([, flat]) => flat[flat.indexOf('what') + 1]),
  };
}

test('who was taken over writes nothing any more, whatever it tries', async () => {
  await using setting = await openSetting(jobsOf(make));
  const { run, claim, audit } = scriptsOf(setting);
  const id = await setting.submit();
  const old = await claim(id, 'w1', 0);
  const now = await claim(id, 'w2');
  const before = await setting.redis.hgetall(`${setting.prefix}:run:${id}`);
  const audited = await audit();
  const patch = encodePatch({ what: 'zombie', state: 'done', set: { result: '1' } });

  const answers = await Promise.all([
    run('commit', id, old.epoch, 1, '', ...patch),
    run('park', id, old.epoch, '', 0, '', ...patch),
    run('finish', id, old.epoch, 0, '', 0, ...patch),
    run('give up', id, old.epoch, 1, '1', ...patch),
    run('take', id, old.epoch, 'lock:a', 1),
    run('say', id, old.epoch, 1, 'note', '', 'hello'),
    run('renew', id, old.epoch, 60_000),
  ]);

  assert.deepEqual([old.verdict, now.verdict], ['claimed', 'claimed']);
  assert.deepEqual(new Set(answers.flat()), new Set(['fenced']));
  assert.deepEqual(await setting.redis.hgetall(`${setting.prefix}:run:${id}`), before);
  assert.deepEqual(await audit(), audited);
});

test('an end is not written when Redis has lost the commit before it', async () => {
  await using setting = await openSetting(jobsOf(make));
  const { run, claim, commit } = scriptsOf(setting);
  const id = await setting.submit();
  const { epoch } = await claim(id);
  await commit(id, epoch, 1, 'kept');
  const patch = encodePatch({ what: 'finished', state: 'done' });

  const afterLoss = await run('finish', id, epoch, 2, '', 0, ...patch);
  const atLast = await run('finish', id, epoch, 1, '', 0, ...patch);

  assert.deepEqual([afterLoss, atLast], [['fenced'], ['ok']]);
});

test('a run is claimed by one worker at a time', async () => {
  await using setting = await openSetting(jobsOf(make));
  const { claim } = scriptsOf(setting);
  const id = await setting.submit();

  const claims = await Promise.all(Array.from({ length: 20 }, (_, i) => claim(id, `w${i}`)));

  assert.equal(claims.filter(({ verdict }) => verdict === 'claimed').length, 1);
  assert.equal(claims.filter(({ verdict }) => verdict === 'busy').length, 19);
});

test('lines of a log whose answer was lost are written once, however often they are sent', async () => {
  await using setting = await openSetting(jobsOf(make));
  const { run, claim } = scriptsOf(setting);
  const id = await setting.submit();
  const { epoch } = await claim(id);

  for (const number of [1, 1, 1, 2, 2]) await run('say', id, epoch, number, 'log', '', `line ${number}`);

  const lines = (await setting.runs.log(id)).map(({ text }) => text);
  assert.deepEqual(lines, ['line 1', 'line 2']);
});

test('a commit whose answer was lost is written once, however often it is sent', async () => {
  await using setting = await openSetting(jobsOf(make));
  const { claim, commit, audit } = scriptsOf(setting);
  const id = await setting.submit();
  const { epoch } = await claim(id);

  const answers = [
    await commit(id, epoch, 1, 'one'),
    await commit(id, epoch, 1, 'one'),
    await commit(id, epoch, 2, 'two'),
  ];

  assert.deepEqual(answers, [['ok'], ['ok'], ['ok']]);
  assert.deepEqual((await audit()).slice(-3), ['claimed', 'one', 'two']);
});

test('a run is not parked when somebody rang in the meantime', async () => {
  await using setting = await openSetting(jobsOf(make));
  const { run, claim } = scriptsOf(setting);
  const id = await setting.submit();
  const { epoch, bells } = await claim(id);
  await setting.runs.cancel(id, ana);
  const patch = encodePatch({ what: 'waiting', state: 'waiting' });

  const [verdict, rung = ''] = await run('park', id, epoch, bells, 60_000, '', ...patch);
  const [second] = await run('park', id, epoch, rung, 60_000, '', ...patch);

  assert.equal(verdict, 'again');
  assert.equal(second, 'ok');
});

test('a parked run is left alone until its time, or until somebody rings', async () => {
  await using setting = await openSetting(jobsOf(make));
  const { run, claim } = scriptsOf(setting);
  const id = await setting.submit();
  const { epoch, bells } = await claim(id);
  await run('park', id, epoch, bells, 60_000, '', ...encodePatch({ what: 'waiting', state: 'waiting' }));

  const early = await claim(id);
  await setting.runs.cancel(id, ana);
  const rung = await claim(id);

  assert.deepEqual([early.verdict, rung.verdict], ['early', 'claimed']);
});

test('two places that become free at once wake the two who wait longest', async () => {
  await using setting = await openSetting(jobsOf(make));
  const { run, claim } = scriptsOf(setting);
  const ids = await Promise.all(Array.from({ length: 5 }, () => setting.submit()));
  const epochs = new Map<string, string>();
  for (const id of ids) epochs.set(id, (await claim(id)).epoch);
  const epochOf = (id: string) => epochs.get(id) ?? '';
  const take = (id: string) => run('take', id, epochOf(id), 'slot:clone', 2);
  const finish = (id: string) =>
    run('finish', id, epochOf(id), 0, '', 0, ...encodePatch({ what: 'end', state: 'done' }));
  const [a = '', b = '', c = '', d = '', e = ''] = ids;
  const first = [await take(a), await take(b)];
  const waiting: string[][] = [];
  for (const id of [c, d, e]) {
    waiting.push(await take(id));
    // The queue is in the order of time, which Redis tells in ms.
    const since = Date.now();
    await setting.untilTrue('a millisecond has gone by', () => Date.now() > since + 1);
  }

  const woken = [await finish(a), await finish(b)];
  const cTakes = await take(c);
  const eWaits = await take(e);
  const dTakes = await take(d);

  assert.deepEqual(first, [['taken'], ['taken']]);
  assert.deepEqual(
    waiting.map(([, position]) => position),
    ['1', '2', '3'],
  );
  assert.deepEqual(woken, [
    ['ok', c],
    ['ok', c],
  ]);
  assert.deepEqual(cTakes, ['taken', d]);
  assert.equal(eWaits[0], 'waiting');
  assert.deepEqual(dTakes, ['taken', e]);
});

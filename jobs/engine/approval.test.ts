import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApprovalRule } from './run.ts';
import { permanent, wrong } from './test-far-side.ts';
import { job, jobsOf, make, makeThing } from './test-jobs.ts';
import { ana, bob, eve, openSetting, type Setting } from './test-setting.ts';
import type { Vote, Voter } from './vote.ts';

const rule: ApprovalRule = { need: 1, groups: ['ops'], selfOk: false, expiresMs: 60_000 };
const cid: Voter = { key: 'cid', name: 'Cid', groups: ['ops', 'night'] };

async function asking(setting: Setting, approval: ApprovalRule = rule): Promise<string> {
  await setting.startWorker();
  const id = await setting.submit({ approval });
  await setting.until(id, 'asking');
  return id;
}

const vote = (run: string, by: Voter, more: Partial<Vote> = {}): Vote => {
  return { run, by, yes: true, revision: 1, delivery: `${by.key}:${Math.random()}`, ...more };
};

test('nothing is done before somebody else said yes, and no worker is held meanwhile', async () => {
  await using setting = await openSetting(jobsOf(make));
  const worker = await setting.startWorker();
  const id = await setting.submit({ approval: rule });
  const run = await setting.until(id, 'asking');
  await setting.untilTrue('the worker is free', () => worker.busy === 0);
  const before = [...setting.far.effects];

  const { verdict } = await setting.runs.vote(vote(id, bob));
  await setting.until(id, 'done');

  assert.equal(verdict, 'approved');
  assert.deepEqual(before, []);
  assert.equal(run.ask?.title, 'make a, b, c');
  assert.deepEqual(setting.far.effects, ['make a', 'make b', 'make c']);
});

test('C-approve: of twenty presses at the same moment one decides, and the others are told who it was', async () => {
  await using setting = await openSetting(jobsOf(make));
  const id = await asking(setting);

  const presses = Array.from({ length: 20 }, (_, i) => {
    const by = { key: `ops-${i}`, name: `Person ${i}`, groups: ['ops'] };
    return setting.runs.vote(vote(id, by, { yes: i % 2 === 0 }));
  });
  const decisions = await Promise.all(presses);

  const winners = decisions.filter(({ verdict }) => verdict === 'approved' || verdict === 'rejected');
  assert.equal(winners.length, 1);
  assert.equal(decisions.filter(({ verdict }) => verdict === 'closed').length, 19);
  assert.equal(new Set(decisions.map(({ decidedBy }) => decidedBy)).size, 1);
});

test('a press that is delivered twice counts once', async () => {
  await using setting = await openSetting(jobsOf(make));
  const id = await asking(setting, { ...rule, need: 2 });

  const first = await setting.runs.vote(vote(id, bob, { delivery: 'web:7' }));
  const again = await setting.runs.vote(vote(id, bob, { delivery: 'web:7' }));
  const twice = await setting.runs.vote(vote(id, bob, { delivery: 'web:8' }));
  const second = await setting.runs.vote(vote(id, cid));

  const verdicts = [first, again, twice, second].map(({ verdict }) => verdict);
  assert.deepEqual(verdicts, ['counted', 'duplicate', 'already', 'approved']);
});

test('C-approve: who has no right, or asked for it, may not say yes; who asked may withdraw it', async () => {
  await using setting = await openSetting(jobsOf(make));
  const id = await asking(setting);

  const stranger = await setting.runs.vote(vote(id, eve));
  const self = await setting.runs.vote(vote(id, ana));
  const open = await setting.runs.openAsks(ana);
  const forBob = await setting.runs.openAsks(bob);
  const withdrawn = await setting.runs.vote(vote(id, ana, { yes: false }));
  const run = await setting.until(id, 'rejected');

  assert.deepEqual([stranger.verdict, self.verdict, withdrawn.verdict], ['forbidden', 'self', 'rejected']);
  assert.deepEqual(open, []);
  assert.deepEqual(
    forBob.map((one) => one.id),
    [id],
  );
  assert.equal(run.failure?.message, 'Ana withdrew it.');
  assert.equal(setting.far.claimed.size, 0);
});

test('one no rejects, and what was claimed is released', async () => {
  await using setting = await openSetting(jobsOf(make));
  const id = await asking(setting, { ...rule, need: 2 });
  await setting.runs.vote(vote(id, bob));

  await setting.runs.vote(vote(id, cid, { yes: false }));
  const run = await setting.until(id, 'rejected');
  const late = await setting.runs.vote(vote(id, bob, { yes: false }));

  assert.equal(run.failure?.message, 'Cid said no.');
  assert.equal(late.verdict, 'closed');
  assert.equal(late.decidedBy, 'Cid');
  assert.deepEqual(setting.far.effects, []);
  assert.equal(setting.far.claimed.size, 0);
});

test('a plan that changed since it was approved is asked about again, and older votes count no more', async () => {
  await using setting = await openSetting(jobsOf(make));
  const id = await asking(setting);
  setting.far.plan = { things: ['a', 'x'] };

  await setting.runs.vote(vote(id, bob));
  await setting.untilTrue('it is asked again', async () => (await setting.runs.read(id))?.ask?.revision === 2);
  const again = await setting.until(id, 'asking');
  const stale = await setting.runs.vote(vote(id, bob));
  const fresh = await setting.runs.vote(vote(id, bob, { revision: 2 }));
  const run = await setting.until(id, 'done');

  assert.equal(again.ask?.note, 'The plan changed since it was approved.');
  assert.deepEqual(again.ask?.votes, []);
  assert.equal(again.view?.title, 'make a, x');
  assert.deepEqual([stale.verdict, fresh.verdict], ['stale', 'approved']);
  assert.deepEqual(run.result, { made: ['a', 'x'] });
});

test('a plan that cannot be made any more after the approval is refused', async () => {
  await using setting = await openSetting(jobsOf(make));
  const id = await asking(setting);
  setting.far.plan = wrong('There is no template "debian-12" any more.');

  await setting.runs.vote(vote(id, bob));
  await setting.until(id, 'refused');

  assert.equal(setting.far.claimed.size, 0);
});

test('C-approve: a question that nobody answers expires', async () => {
  await using setting = await openSetting(jobsOf(make));
  await setting.startWorker();
  const id = await setting.submit({ approval: { ...rule, expiresMs: 60 } });

  const run = await setting.until(id, 'expired');
  const late = await setting.runs.vote(vote(id, bob));

  assert.equal(run.ask?.state, 'expired');
  assert.equal(late.verdict, 'closed');
  assert.equal(setting.far.claimed.size, 0);
});

test('C-approve: a vote while no worker is there is not lost', async () => {
  await using setting = await openSetting(jobsOf(make));
  const worker = await setting.startWorker();
  const id = await setting.submit({ approval: rule });
  await setting.until(id, 'asking');
  await worker.drain();

  await setting.runs.vote(vote(id, bob));
  await setting.startWorker();

  await setting.until(id, 'done');
});

test('an asking run is cancelled without anybody deciding', async () => {
  await using setting = await openSetting(jobsOf(make));
  const id = await asking(setting);

  await setting.runs.cancel(id, ana);
  const run = await setting.until(id, 'cancelled');

  assert.equal(run.ask?.state, 'withdrawn');
  assert.equal(setting.far.claimed.size, 0);
});

const askBetween = job('make', [makeThing], async (run) => {
  await run.step(makeThing, { thing: 'a' }, 'a');
  await run.ask({ key: 'go on', title: 'Make b too?', rule });
  await run.step(makeThing, { thing: 'b' }, 'b');
  return null;
});

test('a job may ask in the middle, and goes on after a yes', async () => {
  await using setting = await openSetting(jobsOf(askBetween));
  const id = await setting.submit();
  await setting.startWorker();
  const run = await setting.until(id, 'asking');

  await setting.runs.vote(vote(id, bob));
  await setting.until(id, 'done');

  assert.equal(run.ask?.title, 'Make b too?');
  assert.deepEqual(setting.far.effects, ['make a', 'make b']);
});

test('a no in the middle takes back what was made', async () => {
  await using setting = await openSetting(jobsOf(askBetween));
  const id = await setting.submit();
  await setting.startWorker();
  await setting.until(id, 'asking');

  await setting.runs.vote(vote(id, bob, { yes: false }));
  const run = await setting.until(id, 'rejected');

  assert.deepEqual(run.failure?.takenBack, ['removed a']);
  assert.equal(setting.far.things.size, 0);
});

test('a retry after everything was taken back asks people again', async () => {
  await using setting = await openSetting(jobsOf(make));
  setting.far.before.set('make b', () => {
    throw permanent('no');
  });
  const id = await asking(setting);
  await setting.runs.vote(vote(id, bob));
  await setting.until(id, 'failed');
  setting.far.before.delete('make b');

  await setting.runs.retry(id, ana);
  const again = await setting.until(id, 'asking');
  const { verdict } = await setting.runs.vote(vote(id, bob, { revision: again.ask?.revision ?? 0 }));
  await setting.until(id, 'done');

  assert.equal(again.ask?.revision, 2);
  assert.equal(verdict, 'approved');
});

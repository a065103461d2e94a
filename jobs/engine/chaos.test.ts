import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pairs } from './log-lines.ts';
import { endedStates, type RunRecord } from './record.ts';
import type { Step } from './step.ts';
import { passing, permanent, unknown } from './test-far-side.ts';
import { job, jobsOf, makeThing } from './test-jobs.ts';
import { ana, openSetting, type Setting } from './test-setting.ts';

const runCount = 24;
const chaosMs = 1_500;

/** `makeThing` in a slot, on a far side where a share of the calls goes wrong; what is `doomed` never gets through. */
function shaky(random: () => number) {
  const step: Step<{ thing: string }, { made: string }> = {
    ...makeThing,
    repeat: 'look first',
    find: (world, input) => (makeThing.repeat === 'look first' ? makeThing.find(world, input) : Promise.reject()),
    slot: () => ({ name: 'clone', limit: 3 }),
    async run(world, input) {
      await sleep(random() * 20, undefined, { signal: world.signal });
      if (input.thing.endsWith('doomed')) throw permanent('no space left');
      if (random() < 0.1) throw passing('busy');
      // A worker that died does nothing any more; in this process its promises would.
      world.signal.throwIfAborted();
      const made = await makeThing.run(world, input);
      if (random() < 0.1) throw unknown('no answer');
      return made;
    },
    async undo(world, input) {
      if (random() < 0.1) throw passing('busy');
      return (await makeThing.undo?.(world, input)) ?? false;
    },
  };
  return job('make', [step], async (run) => {
    const things = ['x', 'y', run.id.charCodeAt(2) % 4 === 0 ? 'doomed' : 'z'];
    for (const thing of things) await run.step(step, { thing: `${run.id} ${thing}` }, thing);
    return null;
  });
}

test('whatever dies when: every run ends as it should, nothing is made twice, and nothing is left', async (t) => {
  const seed = Number(process.pid) % 100_000;
  t.diagnostic(`seed ${seed}`);
  const random = seeded(seed);
  const work = shaky(random);
  await using setting = await openSetting(jobsOf(work));
  setting.far.plan = { things: [], locks: [] };
  const since = performance.now();
  let mortals = [await setting.startMortal(), await setting.startMortal(), await setting.startMortal()];
  const ids: string[] = [];
  const cancelled = new Set<string>();

  while (performance.now() - since < chaosMs) {
    if (ids.length < runCount) ids.push(await setting.submit());
    await sleep(random() * 60);
    if (random() < 0.25) {
      mortals[0]?.kill();
      mortals = [...mortals.slice(1), await setting.startMortal()];
    }
    const victim = ids[Math.floor(random() * ids.length * 4)];
    if (victim && (await setting.runs.cancel(victim, ana)) === 'ok') cancelled.add(victim);
  }
  await setting.startWorker();
  const ended = await Promise.all(ids.map((id) => untilEnded(setting, id)));

  for (const run of ended) {
    const doomed = run.id.charCodeAt(2) % 4 === 0;
    const expected = cancelled.has(run.id)
      ? ['cancelled', ...(doomed ? ['failed'] : [])]
      : [doomed ? 'failed' : 'done'];
    assert.ok(expected.includes(run.state), `${run.id} is ${run.state}: ${JSON.stringify(run.failure)}`);
  }
  const done = new Set(ended.filter(({ state }) => state === 'done').map(({ id }) => id));
  assert.deepEqual(new Set(setting.far.things.values()), done);
  const made = setting.far.effects.filter((effect) => effect.startsWith('make'));
  assert.equal(new Set(made).size, made.length);
  assert.equal(setting.far.claimed.size, 0);
  assert.equal(await setting.redis.zcard(`${setting.prefix}:places`), 0);
  await checkAudit(setting);
});

async function untilEnded(setting: Setting, id: string): Promise<RunRecord> {
  let run: RunRecord | undefined;
  await setting
    .untilTrue(
      `${id} ends, and is not stuck`,
      async () => {
        run = await setting.runs.read(id);
        return run !== undefined && endedStates.has(run.state);
      },
      10_000,
    )
    .catch((error: unknown) => {
      throw new Error(`${id} is ${run?.state}: ${JSON.stringify(run?.failure ?? run?.waitingFor)}`, { cause: error });
    });
  if (!run) throw new Error(`${id} is unknown.`);
  return run;
}

/** Epochs never go back, and each run ends once. */
async function checkAudit(setting: Setting): Promise<void> {
  const entries = await setting.redis.xrange(`${setting.prefix}:audit`, '-', '+');
  const epochs = new Map<string, number>();
  const ends = new Map<string, number>();
  for (const [, flat] of entries) {
    const fields = pairs(flat);
    const run = fields.get('run') ?? '';
    const epoch = Number(fields.get('epoch'));
    assert.ok(epoch >= (epochs.get(run) ?? 0));
    epochs.set(run, epoch);
    if (['finished', 'failed', 'cancelled'].includes(fields.get('what') ?? '')) ends.set(run, (ends.get(run) ?? 0) + 1);
  }
  assert.deepEqual(new Set(ends.values()), new Set([1]));
}

function seeded(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeKeys } from '#jobs/engine/keys.ts';
import { pairs } from '#jobs/engine/log-lines.ts';
import { apiForTests } from '#lab/api-for-tests.ts';
import { readMarker } from '#proxmox/marker.ts';
import { type Crowd, openCrowd, shareOf } from './crowd.ts';

const many = 200;
/** The limit of linked clones at the same time, unless the configuration says otherwise. */
const slots = 2;

/** Types all the creates in the same moment and waits until no run is under way any more. */
async function createAll({ ana, redis, prefix }: Crowd, limitMs: number): Promise<void> {
  const names = Array.from({ length: many }, (_, at) => `vm-${at + 1}`);
  const answers = await Promise.all(names.map((name) => ana.type(`/vm create ${name} --cpus 1 --memory 256M`)));
  assert.deepEqual(
    answers.filter(({ ok }) => !ok),
    [],
  );
  const limit = performance.now() + limitMs;
  while ((await redis.zcard(makeKeys(prefix).open)) > 0) {
    assert.ok(performance.now() < limit, 'some are still under way');
    await sleep(100);
  }
}

/** How each run ended, and for which share of the time all places for clones were held, from when the first one was taken until the last run came to have its own. */
async function readRuns({ redis, prefix }: Crowd): Promise<{ readonly states: Set<string>; readonly busy: number }> {
  const keys = makeKeys(prefix);
  const entries = (await redis.xrange(keys.audit, '-', '+')).map(([id, flat]) => ({
    at: Number(id.split('-')[0]),
    fields: pairs(flat),
  }));
  const changes = entries.flatMap(({ at, fields }) => {
    if (fields.get('what') === 'places taken' && fields.get('places')?.includes('slot:')) return [{ at, by: 1 }];
    return fields.get('what') === 'step done' && fields.get('step') === 'clone template' ? [{ at, by: -1 }] : [];
  });
  const lastTaken = changes.findLastIndex(({ by }) => by === 1);
  let held = 0;
  let heldMs = 0;
  for (let i = 0; i < lastTaken; i++) {
    held += changes[i]?.by ?? 0;
    heldMs += held * ((changes[i + 1]?.at ?? 0) - (changes[i]?.at ?? 0));
  }
  const spanMs = (changes[lastTaken]?.at ?? 0) - (changes[0]?.at ?? 0);
  const ids = await redis.zrangebylex(keys.index, '[all/', '(all0');
  const states = await Promise.all(ids.map((id) => redis.hget(keys.run(id.slice(id.lastIndexOf('/') + 1)), 'state')));
  return { states: new Set(states.map(String)), busy: heldMs / (slots * spanMs) };
}

function ours({ lab }: Crowd) {
  return [...lab.machines.values()].filter(
    ({ config }) => config.template !== '1' && readMarker(config.description ?? '') !== undefined,
  );
}

test('200 creates at once: all end well, no number or name twice, the limits are exact', async (t) => {
  await using crowd = await openCrowd();

  await createAll(crowd, 300_000);
  const { states, busy } = await readRuns(crowd);

  const { meter } = crowd;
  // How well the limits are made use of depends on what else the machine does: told, and no reason to fail.
  const atProxmox = shareOf(meter, slots);
  t.diagnostic(`places for clones held for ${(busy * 100).toFixed(1)} % of the time`);
  t.diagnostic(`clones ran at Proxmox for ${(atProxmox * 100).toFixed(1)} % of what ${slots} at once allow`);
  t.diagnostic(`at most ${meter.mostProbes} question to an agent at once on a node`);
  const vms = ours(crowd);
  assert.deepEqual(states, new Set(['done']));
  assert.equal(vms.length, many);
  assert.equal(new Set(vms.map(({ name }) => name)).size, many);
  assert.equal(meter.mostClones, slots);
  assert.equal(meter.mostProbes, 1);
});

test('the same while 20 others take numbers behind our back: their VMs stay as they made them', async (t) => {
  await using crowd = await openCrowd();
  const { lab } = crowd;
  const theirs = new Map<number, string>();
  const stop = new AbortController();
  const others = Array.from({ length: 20 }, async (_, at) => {
    const api = apiForTests(lab);
    while (!stop.signal.aborted) {
      // Somewhere among the numbers that we are about to use.
      const newest = Math.max(4999, ...lab.machines.keys().filter((vmid) => vmid < 6000));
      const vmid = newest + 1 + Math.floor(Math.random() * 6);
      const exit = await api
        .task('POST', '/nodes/pve2/qemu', { vmid, name: `theirs-${vmid}`, memory: 128, description: `of client ${at}` })
        .catch(() => undefined);
      if (exit === 'OK') theirs.set(vmid, JSON.stringify(lab.machines.get(vmid)));
      await sleep(500 + Math.random() * 3_000, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  });

  await createAll(crowd, 400_000);
  stop.abort();
  await Promise.all(others);
  const { states } = await readRuns(crowd);

  t.diagnostic(`${theirs.size} VMs of others`);
  const vms = ours(crowd);
  assert.deepEqual(states, new Set(['done']));
  assert.equal(vms.length, many);
  assert.equal(new Set(vms.map(({ name }) => name)).size, many);
  assert.ok(theirs.size > 20);
  for (const [vmid, was] of theirs) assert.equal(JSON.stringify(lab.machines.get(vmid)), was);
  assert.ok(crowd.meter.mostClones <= slots);
});

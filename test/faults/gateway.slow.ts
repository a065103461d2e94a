import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeKeys } from '#jobs/engine/keys.ts';
import { endedStates, type RunRecord } from '#jobs/engine/record.ts';
import { startChild } from '../child.ts';
import { startActor } from './actor.ts';
import { checkInvariants } from './invariants.ts';
import { openStage, type Stage } from './stage.ts';

const runsOf = async ({ redis, runs, prefix }: Stage): Promise<RunRecord[]> => {
  const members = await redis.zrangebylex(makeKeys(prefix).index, '[all/', '(all0');
  const found = await Promise.all(members.map((member) => runs.read(member.slice(member.lastIndexOf('/') + 1))));
  return found.filter((run) => run !== undefined);
};

async function untilAllEnded(stage: Stage, many: number): Promise<RunRecord[]> {
  for (;;) {
    const runs = await runsOf(stage);
    if (runs.length >= many && runs.every(({ state }) => endedStates.has(state))) return runs;
    await sleep(50);
  }
}

/** As Ana's page does, without following what happens. */
async function type(url: string, text: string, id: string): Promise<void> {
  const headers = { Origin: new URL(url).origin, 'Content-Type': 'application/json' };
  const post = (path: string, body: object, more: object = {}) =>
    fetch(new URL(path, url), { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(body) });
  const { token } = (await (await post('/api/sessions', { person: 'ana' })).json()) as { token: string };
  await post('/api/commands', { id, channel: 'ops', text }, { Authorization: `Bearer ${token}` });
}

const check = (stage: Stage, runs: readonly RunRecord[]) =>
  checkInvariants(stage, {
    ...{ requests: new Map(), runs, ends: new Set(['done']) },
    since: { audit: '0', tasks: 0 },
  });

for (const site of ['before runs submit', 'after runs submit', 'before chat post']) {
  test(`K: kill -9 of the gateway ${site}: the same line, sent again to another one, is one run`, async () => {
    await using stage = await openStage();
    await using _worker = await startChild('worker', stage.configFile);
    await using mortal = await startActor(stage.configFile, { site, how: 'SIGKILL' }, 'gateway');
    const id = randomUUID();

    // It dies before it answers, or just after.
    await type(mortal.url, '/vm create k8s-dev small', id).catch(() => undefined);
    assert.equal(await mortal.ended, 'SIGKILL');
    while (!(await stage.ana.type('/vm create k8s-dev small', id)).ok) await sleep(20);
    const runs = await untilAllEnded(stage, 1);

    assert.equal(runs.length, 1);
    assert.deepEqual(await check(stage, runs), []);
  });
}

test('K: kill -9 of a gateway in the middle of many runs: another one shows the end of each, once', async (t) => {
  await using stage = await openStage();
  await using _worker = await startChild('worker', stage.configFile);
  await using mortal = await startChild('gateway', stage.configFile);
  const names = Array.from({ length: 12 }, (_, at) => `vm-${at}`);
  await Promise.all(names.map((name) => stage.ana.type(`/vm create ${name} small`)));
  while ((await stage.messages.recent('ops', 200, 'ana')).length < names.length + 3) await sleep(2);

  await mortal.kill();
  const since = performance.now();
  const runs = await untilAllEnded(stage, names.length);
  let violations = await check(stage, runs);
  while (violations.length > 0 && performance.now() - since < 15_000) violations = await check(stage, runs);

  t.diagnostic(`everything was shown ${((performance.now() - since) / 1000).toFixed(1)} s after the kill`);
  assert.deepEqual(violations, []);
});

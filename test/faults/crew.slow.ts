import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeKeys } from '#jobs/engine/keys.ts';
import { pairs } from '#jobs/engine/log-lines.ts';
import { endedStates, type RunRecord } from '#jobs/engine/record.ts';
import { startChild } from '../child.ts';
import { type ConsoleUser, openConsole } from '../console.ts';
import { clockOff } from './actor.ts';
import { checkInvariants } from './invariants.ts';
import { openStage, type Stage } from './stage.ts';

const tenMinutes = 600_000;

/** Types a line and answers its run. */
async function ask(stage: Stage, person: ConsoleUser, line: string): Promise<string> {
  const id = randomUUID();
  while (!(await person.type(line, id)).ok) await sleep(20);
  const run = await stage.redis.get(makeKeys(stage.prefix).request(`web:${id}`));
  assert.ok(run, `"${line}" was not taken`);
  return run;
}

async function ended(stage: Stage, ids: readonly string[], limitMs = 60_000): Promise<RunRecord[]> {
  const limit = performance.now() + limitMs;
  for (;;) {
    const runs = await Promise.all(ids.map((id) => stage.runs.read(id)));
    const over = runs.filter((run) => run !== undefined && endedStates.has(run.state)) as RunRecord[];
    if (over.length === ids.length) return over;
    assert.ok(performance.now() < limit, `only ${over.length} of ${ids.length} runs ended`);
    await sleep(20);
  }
}

const check = (stage: Stage, runs: readonly RunRecord[]) =>
  checkInvariants(stage, {
    ...{ requests: new Map(), runs, ends: new Set(['done']) },
    since: { audit: '0', tasks: 0 },
  });

async function audit(stage: Stage): Promise<{ at: number; what: string; run: string }[]> {
  const entries = await stage.redis.xrange(makeKeys(stage.prefix).audit, '-', '+');
  return entries.map(([id, flat]) => {
    const fields = pairs(flat);
    return { at: Number(id.split('-')[0]), what: fields.get('what') ?? '', run: fields.get('run') ?? '' };
  });
}

test('T-skew: two workers and two gateways, one of each ten minutes off: all ends well, and nothing expires', async () => {
  await using stage = await openStage();
  const { configFile } = stage;
  await using _one = await startChild('worker', configFile);
  await using _two = await startChild('worker', configFile, [clockOff(tenMinutes)]);
  await using skewed = await startChild('gateway', configFile, [clockOff(-tenMinutes)]);
  await using far = await openConsole(skewed.url, 'ana');

  const names = Array.from({ length: 16 }, (_, at) => `vm-${at}`);
  const creates = await Promise.all(
    names.map((name, at) => ask(stage, at % 2 === 0 ? stage.ana : far, `/vm create ${name} small`)),
  );
  const made = await ended(stage, creates);
  const destroy = await ask(stage, far, '/vm destroy vm-3');
  await sleep(1_500);
  const waiting = await stage.runs.read(destroy);
  await using ben = await openConsole(skewed.url, 'ben');
  await ben.until(/Approve\?/);
  await ben.press('Approve');
  const [destroyed] = await ended(stage, [destroy]);

  assert.equal(waiting?.state, 'asking');
  assert.ok(destroyed);
  // The VM that was destroyed is no more that of the run that made it.
  const violations = await check(stage, [...made, destroyed]);
  assert.deepEqual(
    violations.filter((line) => !line.includes(creates[3] ?? '')),
    [],
  );
  assert.equal((await audit(stage)).filter(({ what }) => what === 'taken over').length, 0);
});

test('a rolling restart of both workers and a gateway under load: nobody has to wait for a lease, nothing is lost', async () => {
  await using stage = await openStage({ times: { linkMs: 150, bootMs: 400, agentMs: 200, sshMs: 300 } });
  const { configFile } = stage;
  await using first = await startChild('worker', configFile);
  await using second = await startChild('worker', configFile);
  await using gateway = await startChild('gateway', configFile);
  const names = Array.from({ length: 30 }, (_, at) => `vm-${at}`);
  const runs = await Promise.all(names.map((name) => ask(stage, stage.ana, `/vm create ${name} small`)));

  const codes: unknown[] = [];
  await using _third = await startChild('worker', configFile);
  first.signal('SIGTERM');
  codes.push(await first.ended);
  await using _fourth = await startChild('worker', configFile);
  second.signal('SIGTERM');
  codes.push(await second.ended);
  gateway.signal('SIGTERM');
  codes.push(await gateway.ended);
  await using _newGateway = await startChild('gateway', configFile);
  const all = await ended(stage, runs);

  assert.deepEqual(codes, [0, 0, 0]);
  assert.deepEqual(await check(stage, all), []);
  assert.equal((await audit(stage)).filter(({ what }) => what === 'taken over').length, 0);
});

test('D-term: another worker goes on within a second of SIGTERM, in the middle of a clone', async () => {
  await using stage = await openStage({ times: { linkMs: 2_500 } });
  await using leaving = await startChild('worker', stage.configFile);
  const run = await ask(stage, stage.ana, '/vm create k8s-dev small');
  while (stage.lab.cluster.tasks.all().length === 0) await sleep(5);
  await using _staying = await startChild('worker', stage.configFile);
  const since = Date.now();

  leaving.signal('SIGTERM');
  const code = await leaving.ended;
  const [record] = await ended(stage, [run]);

  const claims = (await audit(stage)).filter(({ what }) => what === 'claimed');
  const next = claims.find(({ at }) => at >= since);
  assert.ok(next && next.at - since < 1_000, `claimed again after ${next && next.at - since} ms`);
  assert.ok(record);
  assert.equal(code, 0);
  assert.deepEqual(await check(stage, [record]), []);
});

test('D-term: a worker ends within 25 s when Redis is away, or Proxmox holds its call; and at once when it is told twice', async () => {
  await using stage = await openStage({ ownRedis: ['--appendfsync', 'always'] });
  const tookMs = async (act: (worker: Awaited<ReturnType<typeof startChild>>) => Promise<void>) => {
    await using worker = await startChild('worker', stage.configFile);
    await act(worker);
    const since = performance.now();
    worker.signal('SIGTERM');
    await worker.ended;
    return performance.now() - since;
  };
  const held = async () => {
    stage.lab.faults.push({ method: 'POST', path: /\/clone$/, mode: 'hold' });
    await ask(stage, stage.ana, `/vm create vm-${randomUUID().slice(0, 8)} small`);
    while (stage.lab.faults.length > 0) await sleep(5);
  };

  const whileHeld = await tookMs(held);
  const toldTwice = await tookMs(async (worker) => {
    await held();
    worker.signal('SIGTERM');
    await sleep(200);
  });
  const withoutRedis = await tookMs(() => stage.server?.kill() ?? Promise.resolve());
  await stage.server?.restart();

  assert.ok(whileHeld < 25_500, `${whileHeld} ms while a call is held`);
  assert.ok(toldTwice < 500, `${toldTwice} ms when told twice`);
  assert.ok(withoutRedis < 25_500, `${withoutRedis} ms without Redis`);
});

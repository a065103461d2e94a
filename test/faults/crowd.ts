import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { parse } from 'yaml';
import { writeLabConfig } from '#bot/up/lab-config.ts';
import type { Engine } from '#lab/engine.ts';
import { described } from '#lab/schema-for-tests.ts';
import { realisticSettings } from '#lab/settings.ts';
import { startSimulated } from '#lab/simulated/engine.ts';
import { realisticTimes, type Times } from '#lab/simulated/times.ts';
import { type Lab, startLab } from '#lab/start.ts';
import { startChild } from '../child.ts';
import { type ConsoleUser, openConsole } from '../console.ts';
import { startRedis } from '../redis.ts';
import { templateNotes } from '../template-notes.ts';

/** A lab with times and manners as of a real Proxmox, and the bot as two processes in front of it. */
export interface Crowd extends AsyncDisposable {
  readonly lab: Lab;
  readonly redis: Redis;
  readonly prefix: string;
  readonly ana: ConsoleUser;
  /** What went on in the lab at the same time. */
  readonly meter: Meter;
}

export interface Meter {
  /** The most questions to guest agents that had not answered yet that were ever under way on one node. */
  mostProbes: number;
  /** The most clones that ever ran at once. */
  mostClones: number;
  /** ms from the first clone's begin to the last one's end, and how much of it each number of clones ran. */
  firstAt: number;
  lastAt: number;
  cloneMs: number;
}

/** `times` are other than the usual realistic ones. */
export async function openCrowd(times: Partial<Times> = {}): Promise<Crowd> {
  await using made = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'botswain-crowd-'));
  made.defer(() => rm(folder, { recursive: true, force: true }));
  const meter: Meter = { mostProbes: 0, mostClones: 0, firstAt: 0, lastAt: 0, cloneMs: 0 };
  let known: Lab | undefined;
  const engine = metered(await startSimulated({ times: { ...realisticTimes, ...times } }), meter, (vmid) => {
    return known?.machines.get(vmid)?.node ?? '';
  });
  made.use(engine);
  const config = { description: templateNotes(9000) };
  const lab = made.use(
    await startLab({
      ...realisticSettings,
      ...described('9.2'),
      engine,
      nodes: ['pve1', 'pve2'].map((name) => ({ name, cpus: 128, memory: 1024 ** 4 })),
      templates: [{ vmid: 9000, name: 'lab-debian', node: 'pve1', storage: 'nas', config }],
    }),
  );
  known = lab;
  const server = made.use(await startRedis(['--appendfsync', 'always']));
  const configFile = writeLabConfig(folder, lab, 0);
  const written = parse(await readFile(configFile, 'utf8')) as object;
  const redisSettings = { url: server.url, prefix: 'crowd' };
  await writeFile(
    configFile,
    JSON.stringify({ ...written, redis: redisSettings, log: { level: 'warn' }, worker: { concurrency: 300 } }),
  );
  const redis = new Redis(server.url);
  made.defer(() => redis.disconnect());
  const [gateway, worker] = await Promise.all([startChild('gateway', configFile), startChild('worker', configFile)]);
  made.use(gateway);
  made.use(worker);
  const ana = made.use(await openConsole(gateway.url, 'ana'));
  const all = made.move();
  return {
    ...{ lab, redis, prefix: '{crowd}', ana, meter },
    async [Symbol.asyncDispose]() {
      await all.disposeAsync();
      // Of the product's calls: the others take numbers that are taken, which is well formed too.
      assert.deepEqual(lab.violations, []);
    },
  };
}

/** The same engine, with a look at what is under way in it. */
function metered(engine: Engine, meter: Meter, nodeOf: (vmid: number) => string): Engine {
  const probes = new Map<string, number>();
  const answered = new Set<number>();
  let clones = 0;
  return {
    ...engine,
    async agent(vmid, ...rest) {
      // Only one that may be silent holds a worker of its node for seconds.
      if (answered.has(vmid)) return engine.agent(vmid, ...rest);
      const node = nodeOf(vmid);
      const now = (probes.get(node) ?? 0) + 1;
      probes.set(node, now);
      meter.mostProbes = Math.max(meter.mostProbes, now);
      try {
        const answer = await engine.agent(vmid, ...rest);
        answered.add(vmid);
        return answer;
      } finally {
        probes.set(node, (probes.get(node) ?? 1) - 1);
      }
    },
    linkDisk: (...given) => cloning(() => engine.linkDisk(...given)),
    copyDisk: (...given) => cloning(() => engine.copyDisk(...given)),
  };

  async function cloning(act: () => Promise<void>): Promise<void> {
    clones += 1;
    meter.mostClones = Math.max(meter.mostClones, clones);
    const since = performance.now();
    meter.firstAt ||= since;
    try {
      await act();
    } finally {
      clones -= 1;
      meter.lastAt = performance.now();
      meter.cloneMs += meter.lastAt - since;
    }
  }
}

/** Which share of what this many clones at once allow was made use of, from the first one's begin to the last one's end. */
export const shareOf = ({ cloneMs, firstAt, lastAt }: Meter, slots: number) => cloneMs / (slots * (lastAt - firstAt));

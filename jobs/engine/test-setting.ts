import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '#base/clock.ts';
import { makeLog } from '#base/log.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import { type Cable, openCable } from '#test/cable.ts';
import { startPatience } from '#test/patience.ts';
import { type FreshRedis, freshRedis } from '#test/redis.ts';
import { watched } from '#test/sites.ts';
import type { Times } from './engine.ts';
import type { AnyJob } from './job.ts';
import type { RunRecord, RunState } from './record.ts';
import { connectRedis, whenReady } from './redis.ts';
import { openRuns, type Runs } from './runs.ts';
import type { Order } from './submit.ts';
import { type FarSide, makeFarSide } from './test-far-side.ts';
import { startWorker, type Worker } from './worker.ts';
import type { Tools } from './world.ts';

/** An engine around an imaginary far side: real Redis, real BullMQ, real workers with short leases. */
export interface Setting extends AsyncDisposable, FreshRedis {
  readonly runs: Runs;
  readonly far: FarSide;
  readonly redis: ReturnType<typeof connectRedis>;
  readonly tools: Tools;
  /** A worker that is disposed of with the setting. */
  startWorker(options?: WorkerSetting): Promise<Worker>;
  /** A worker that dies, for Redis and for the far side, in the moment it comes to `site` for the `nth` time. */
  startMortal(site?: string, nth?: number): Promise<Mortal>;
  submit(order?: Partial<Order>): Promise<string>;
  /** Waits until the run is in this state; fails with what it is instead. */
  until(id: string, state: RunState, mostMs?: number): Promise<RunRecord>;
  untilTrue(what: string, look: () => Promise<boolean> | boolean, mostMs?: number): Promise<void>;
}

export interface WorkerSetting {
  readonly name?: string;
  readonly times?: Partial<Times>;
  readonly url?: string;
  readonly concurrency?: number;
  /** What it was at will never come to an end: do not wait for it. */
  readonly mortal?: boolean;
  readonly jobs?: ReadonlyMap<string, AnyJob>;
  readonly tools?: Tools;
  /** Called before and after everything that reaches out of the worker. */
  onSite?(site: string): void | Promise<void>;
}

export interface Mortal {
  readonly died: Promise<void>;
  /** Right now, wherever it is. */
  kill(): void;
}

export const ana = { key: 'ana', name: 'Ana', groups: ['ops'] };
export const bob = { key: 'bob', name: 'Bob', groups: ['ops'] };
export const eve = { key: 'eve', name: 'Eve', groups: ['guests'] };

/** For those that die: another one takes over soon. */
export const shortLease = { lease: 300, renew: 80 } as const;

const quick: Times = {
  // Long enough for a busy machine, on which a worker may stand still for a while.
  lease: 3_000,
  renew: 500,
  sweep: 40,
  firstPause: 4,
  longestPause: 60,
  inProcess: 40,
  planning: 150,
  turn: 5_000,
  grace: 60,
  left: 100,
  stranded: 300,
  remember: 60_000,
};

/** With `own`, on that Redis instead of the one that all tests share. */
export async function openSetting(jobs: ReadonlyMap<string, AnyJob>, own?: string): Promise<Setting> {
  const { url, prefix } = own === undefined ? await freshRedis() : { url: own, prefix: '{test}' };
  const redis = connectRedis(url, 'asking');
  await whenReady(redis);
  const runs = openRuns({ redis, prefix });
  const far = makeFarSide();
  const log = makeLog('test', 'silent');
  const stack = new AsyncDisposableStack();
  stack.defer(() => redis.disconnect());
  // Only what the engine itself calls; the rest of a cluster is for steps.
  const api = { guarded: () => api };
  const cluster = { api, claims: far.claims } as unknown as Cluster;
  const clusters = new Map(['lab', 'barn'].map((name) => [name, { ...cluster, name }]));
  const tools = { clusters, settings: far, clock: systemClock } as unknown as Tools;
  let count = 0;

  async function start(options: WorkerSetting = {}): Promise<Worker> {
    count += 1;
    const begin = () =>
      startWorker({
        redis: options.url ?? url,
        prefix,
        jobs: options.jobs ?? jobs,
        tools: options.tools ?? tools,
        name: options.name ?? `worker-${count}`,
        log,
        times: { ...quick, ...options.times },
        concurrency: options.concurrency ?? 50,
      });
    const worker = await (options.onSite ? watched(options.onSite, begin) : begin());
    stack.defer(() => worker.drain(options.mortal ? 1 : 500));
    return worker;
  }

  async function startMortal(site?: string, nth = 1): Promise<Mortal> {
    const cable: Cable = await openCable(url);
    stack.defer(() => cable.close());
    const died = Promise.withResolvers<void>();
    let met = 0;
    const onSite = (now: string) => {
      if (cable.isCut) return new Promise<void>(() => undefined);
      if (now !== site) return;
      met += 1;
      if (met < nth) return;
      cable.cut();
      died.resolve();
      return new Promise<void>(() => undefined);
    };
    await start({ url: cable.url, name: `mortal-${count}`, mortal: true, times: shortLease, onSite });
    return { died: died.promise, kill: () => cable.cut() };
  }

  async function untilTrue(what: string, look: () => Promise<boolean> | boolean, mostMs = 20_000): Promise<void> {
    let isOver = false;
    const stop = startPatience(mostMs, () => {
      isOver = true;
    });
    try {
      while (!(await look())) {
        if (isOver) throw new Error(`Waited ${mostMs} ms in vain: ${what}.`);
        await sleep(8);
      }
    } finally {
      stop();
    }
  }

  return {
    url,
    prefix,
    redis,
    runs,
    far,
    tools,
    startWorker: start,
    startMortal,
    untilTrue,
    async submit(order = {}) {
      count += 1;
      const usual = { key: `test:${count}`, job: 'make', version: 1, input: {}, by: ana, origin: null, text: '/make' };
      const { id } = await runs.submit({ ...usual, cluster: 'lab', onFailure: 'undo', ...order });
      return id;
    },
    async until(id, state, mostMs) {
      let last: RunRecord | undefined;
      const look = async () => {
        // While Redis is away nobody knows.
        last = await runs.read(id).catch(() => last);
        return last?.state === state;
      };
      try {
        await untilTrue(`${id} should be ${state}`, look, mostMs);
      } catch (error) {
        throw new Error(`${id} is ${last?.state}: ${JSON.stringify(last?.failure ?? last?.waitingFor)}`, {
          cause: error,
        });
      }
      if (!last) throw new Error(`${id} is unknown.`);
      return last;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

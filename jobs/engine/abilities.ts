import type { Engine } from './engine.ts';
import type { AnyJob } from './job.ts';
import { redisTrouble } from './redis-trouble.ts';
import { call } from './scripts.ts';

/**
 * What a worker can carry out, one thing a line between newlines, which no name holds: its own name, `job vm create@1`,
 * `cluster lab`. In a rolling upgrade workers differ: a run is for those that know its job in its version, and its cluster.
 */
export function abilitiesOf(
  worker: string,
  jobs: ReadonlyMap<string, AnyJob>,
  clusters: ReadonlyMap<string, unknown>,
): string {
  const known = [...jobs.values()].map(({ name, version }) => `job ${name}@${version}`);
  const reached = [...clusters.keys()].map((name) => `cluster ${name}`);
  return `\n${[worker, ...known, ...reached].join('\n')}\n`;
}

/** Tells all workers what this one can carry out, as long as it is there: that none can is known only when all have told. */
export async function startAnnouncing({ redis, keys, abilities, times, log }: Engine): Promise<AsyncDisposable> {
  async function announce(): Promise<void> {
    if (redis.status !== 'ready') return;
    try {
      await call(redis, 'announce', [keys.workers], [abilities, times.lease]);
    } catch (error) {
      if (!redisTrouble(error)) log.error({ err: error }, 'worker not announced');
    }
  }

  const timer = setInterval(() => void announce(), times.renew);
  // A Redis that was wiped or restarted hears of it at once.
  redis.on('ready', announce);
  await announce();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      redis.off('ready', announce);
      // When Redis is away, what was told last counts until its time is over.
      await redis.zrem(keys.workers, abilities).catch(() => 0);
    },
  };
}

/** Remembers what was left to other workers, so that a worker says so once and not with every run. */
export function rememberLeft({ log }: Pick<Engine, 'log'>): (left: Left) => void {
  const said = new Set<string>();
  return (left) => {
    const what = `${left.job}@${left.version} ${left.cluster}`;
    if (said.has(what)) return;
    said.add(what);
    log.warn({ ...left }, 'runs of this kind are left to workers that know the job in this version, and the cluster');
  };
}

/** A run that this worker can't carry out: what it would have to know, and how many live workers do. */
export interface Left {
  readonly job: string;
  readonly version: string;
  readonly cluster: string;
  readonly able: number;
}

import type { RunRecord, StepRecord } from '#jobs/engine/record.ts';
import type { Office } from '../office.ts';

/** How long a step usually takes, ms. */
export interface Typical {
  readonly p50: number;
  readonly p95: number;
}

const remembered = 50;
/** Less than this says nothing. */
const fewest = 3;
const keptS = 90 * 24 * 3600;

/** How long each kind of step took in the latest runs of this job on this node, by {@link shapeOf} its label. */
export async function typicalTimes({ redis, prefix }: Office, run: RunRecord): Promise<ReadonlyMap<string, Typical>> {
  const shapes = [...new Set((run.view?.steps ?? []).map((label) => shapeOf(label, run)))];
  const lists = await Promise.all(shapes.map((shape) => redis.lrange(keyOf(prefix, run, shape), 0, -1)));
  const typical = new Map<string, Typical>();
  for (const [at, shape] of shapes.entries()) {
    const times = (lists[at] ?? []).map(Number).toSorted((one, other) => one - other);
    if (times.length < fewest) continue;
    typical.set(shape, { p50: quantile(times, 0.5), p95: quantile(times, 0.95) });
  }
  return typical;
}

/** Remembers how long the steps of a finished run took, once. */
export async function noteTimes(
  { redis, prefix }: Office,
  run: RunRecord,
  steps: readonly StepRecord[],
): Promise<void> {
  if ((await redis.set(`${prefix}:took-noted:${run.id}`, '1', 'EX', keptS, 'NX')) === null) return;
  const write = redis.pipeline();
  for (const { label, startedAt, endedAt, attempts } of steps) {
    if (endedAt === undefined || attempts > 1) continue;
    const key = keyOf(prefix, run, shapeOf(label, run));
    write
      .lpush(key, endedAt - startedAt)
      .ltrim(key, 0, remembered - 1)
      .expire(key, keptS);
  }
  await write.exec();
}

/** A label without what differs from run to run: its VM's name, where that stands as a word (`one` is in `Clone` too), and numbers. */
export function shapeOf(label: string, run: RunRecord): string {
  const { name } = (run.plan ?? {}) as { name?: unknown };
  const bare = typeof name === 'string' && name !== '' ? label.replace(word(name), '*') : label;
  return bare.replace(/\d+/g, '#');
}

const word = (text: string) => new RegExp(`(?<![\\w-])${RegExp.escape(text)}(?![\\w-])`, 'g');

function keyOf(prefix: string, run: RunRecord, shape: string): string {
  const { node } = (run.plan ?? {}) as { node?: unknown };
  return `${prefix}:took:${run.cluster}:${run.job}:${typeof node === 'string' ? node : ''}:${shape}`;
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}

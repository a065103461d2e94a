import type { Redis } from 'ioredis';

/** A line of a run's thread. */
export interface LogLine {
  /** Sorts by time. */
  readonly id: string;
  /** ms since the epoch, by Redis' clock. */
  readonly at: number;
  /** A sentence for people, or a line of somebody else's log. */
  readonly kind: 'note' | 'log';
  /** The step's id; empty for the run itself. */
  readonly step: string;
  readonly text: string;
}

const mostLines = 500;

/** The newest 500 lines in the order of time, or the first 500 after the line `after`. */
export async function readLog(redis: Redis, key: string, after: string | undefined): Promise<LogLine[]> {
  const entries =
    after === undefined
      ? (await redis.xrevrange(key, '+', '-', 'COUNT', mostLines)).reverse()
      : await redis.xrange(key, `(${after}`, '+', 'COUNT', mostLines);
  return entries.map(([id, flat]) => {
    const fields = pairs(flat);
    return {
      id,
      at: Number(id.split('-', 1)[0]),
      kind: fields.get('kind') === 'log' ? 'log' : 'note',
      step: fields.get('step') ?? '',
      text: fields.get('text') ?? '',
    };
  });
}

/** The fields of a stream's entry, or of a hash that a script answers: Redis gives them as one flat list. */
export function pairs(flat: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < flat.length; i += 2) fields.set(flat[i] ?? '', flat[i + 1] ?? '');
  return fields;
}

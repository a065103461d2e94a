import type { Redis } from 'ioredis';
import type { Json } from '#base/json.ts';
import type { Keys } from './keys.ts';
import type { StepRecord } from './record.ts';

/** A run's journal in the order in which its steps began, and the questions that were approved. */
export interface Journal {
  readonly entries: ReadonlyMap<string, JournalEntry>;
  readonly approved: ReadonlySet<string>;
}

export interface JournalEntry extends StepRecord {
  /** From when the step's time is counted: its first try, or the first one after a worker died. */
  readonly countedFrom: number;
  /** Failed tries in a row. */
  readonly tries: number;
}

/** Reads the journal of a run; empty when there is none. */
export async function readJournal(redis: Redis, keys: Keys, id: string): Promise<Journal> {
  return parseJournal(await redis.hgetall(keys.steps(id)));
}

function parseJournal(fields: Readonly<Record<string, string>>): Journal {
  const approved = new Set<string>();
  const ordered: { order: number; entry: JournalEntry }[] = [];
  for (const [field, value] of Object.entries(fields)) {
    if (field.startsWith('ask:')) approved.add(field.slice(4));
    if (field.startsWith('n:')) ordered.push({ order: Number(value), entry: parseEntry(fields, field.slice(2)) });
  }
  ordered.sort((a, b) => a.order - b.order);
  return { entries: new Map(ordered.map(({ entry }) => [entry.id, entry])), approved };
}

function parseEntry(fields: Readonly<Record<string, string>>, id: string): JournalEntry {
  const of = (name: string): string | undefined => fields[`${name}:${id}`] || undefined;
  const json = (name: string): Json | undefined => {
    const text = of(name);
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  };
  const endedAt = of('endedAt');
  return {
    id,
    label: of('label') ?? id,
    state: (of('state') ?? 'started') as StepRecord['state'],
    attempts: Number(of('attempts') ?? 0),
    startedAt: Number(of('startedAt') ?? 0),
    endedAt: endedAt === undefined ? undefined : Number(endedAt),
    input: json('input') ?? null,
    saved: json('saved'),
    output: json('output'),
    error: of('error'),
    countedFrom: Number(of('countedFrom') ?? 0),
    tries: Number(of('tries') ?? 0),
  };
}

import type { Redis } from 'ioredis';
import type { Json } from '#base/json.ts';
import type { PlanView } from './job.ts';
import type { Keys } from './keys.ts';
import type { AskState, Failure, RunRecord, RunState } from './record.ts';

/** The run as Redis holds it; undefined when there is none (any more). */
export async function readRun(redis: Redis, keys: Keys, id: string): Promise<RunRecord | undefined> {
  const fields = await redis.hgetall(keys.run(id));
  return fields.id === undefined ? undefined : parseRun(fields);
}

export function parseRun(fields: Fields): RunRecord {
  return {
    id: text(fields, 'id'),
    job: text(fields, 'job'),
    version: number(fields, 'version') ?? 0,
    state: text(fields, 'state') as RunState,
    epoch: number(fields, 'epoch') ?? 0,
    owner: fields.owner || undefined,
    leaseUntil: number(fields, 'leaseUntil') ?? 0,
    cluster: text(fields, 'cluster'),
    input: json<Json>(fields, 'input') ?? null,
    by: { key: text(fields, 'by.key'), name: text(fields, 'by.name') },
    origin: json<Json>(fields, 'origin') ?? null,
    text: text(fields, 'text'),
    onFailure: fields.onFailure === 'keep' ? 'keep' : 'undo',
    approval: json(fields, 'approval'),
    plan: json<Json>(fields, 'plan'),
    planHash: fields.planHash,
    view: json<PlanView>(fields, 'view'),
    ask: parseAsk(fields),
    result: json<Json>(fields, 'result'),
    retriedBy: fields.retriedBy || undefined,
    cancelledBy: fields.cancelName,
    failure: json<Failure>(fields, 'failure'),
    waitingFor: fields.waitingFor || undefined,
    locks: json<string[]>(fields, 'locks'),
    replan: fields.replan === '1',
    ending: fields.ending as RunRecord['ending'],
    createdAt: number(fields, 'createdAt') ?? 0,
    startedAt: number(fields, 'startedAt'),
    endedAt: number(fields, 'endedAt'),
    updatedAt: number(fields, 'updatedAt') ?? 0,
  };
}

function parseAsk(fields: Fields): AskState | undefined {
  if (fields['ask.key'] === undefined) return undefined;
  return {
    key: fields['ask.key'],
    title: text(fields, 'ask.title'),
    rule: {
      need: number(fields, 'ask.need') ?? 1,
      groups: json<string[]>(fields, 'ask.groups') ?? [],
      selfOk: fields['ask.selfOk'] === '1',
      expiresMs: number(fields, 'ask.expiresMs') ?? 0,
      ...(fields['ask.typeName'] === '1' ? { typeName: true } : {}),
    },
    revision: number(fields, 'ask.revision') ?? 0,
    state: text(fields, 'ask.state') as AskState['state'],
    note: fields['ask.note'] || undefined,
    votes: json<AskState['votes']>(fields, 'ask.votes') ?? [],
    expiresAt: number(fields, 'ask.expiresAt') ?? 0,
  };
}

type Fields = Readonly<Record<string, string | undefined>>;

function text(fields: Fields, name: string): string {
  return fields[name] ?? '';
}

function number(fields: Fields, name: string): number | undefined {
  return fields[name] ? Number(fields[name]) : undefined;
}

/** Only the engine writes these fields, so what they hold is believed. */
function json<T>(fields: Fields, name: string): T | undefined {
  return fields[name] ? (JSON.parse(fields[name]) as T) : undefined;
}

import { ms } from '#base/duration.ts';
import type { RunEvent } from '#jobs/engine/outbox.ts';
import { authorizeController } from '#policy/authorize.ts';
import { subjectOf } from '../hear/act.ts';
import type { Office } from '../office.ts';

const keyOf = ({ prefix }: Office) => `${prefix}:kept`;

/** Notes until when what a run left may stay: from the moment it was left, or was asked to be kept again. */
export async function noteKept(office: Office, { runId, state }: RunEvent): Promise<void> {
  if (state !== 'kept') {
    await office.redis.zrem(keyOf(office), runId);
    return;
  }
  await office.redis.zadd(keyOf(office), (await redisNow(office)) + ms(office.keepFor), runId);
}

/** Rolls back what was kept long enough. Safe to be called by every gateway. */
export async function rollBackKept(office: Office): Promise<void> {
  const due = await office.redis.zrangebyscore(keyOf(office), '-inf', await redisNow(office));
  for (const run of due) {
    const record = await office.desk.runs.read(run);
    const kind = { kind: 'roll back', command: { path: 'job cancel', risk: 'change' } } as const;
    const grant = record && authorizeController(kind, 'kept jobs', subjectOf(office, record));
    if (grant && (await office.changes.carryOut(grant)) === 'ok')
      office.log.info({ run }, 'what was kept for a look is rolled back');
    await office.redis.zrem(keyOf(office), run);
  }
}

async function redisNow({ redis }: Office): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}

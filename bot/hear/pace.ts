import { gated } from '#jobs/engine/redis.ts';
import { ensurePace, forStopping } from '#policy/quotas.ts';
import type { Office } from '../office.ts';
import type { Asker } from './whisper.ts';

const minuteMs = 60_000;

/** Counts a command of this person over all gateways. Throws an `OverLimit` when they give more in a minute than one may. */
export async function countCommand(office: Office, { by }: Asker, isStop = false): Promise<void> {
  const { redis, prefix, desk } = office;
  const limits = isStop ? forStopping(office.limits) : office.limits;
  const now = desk.tools.clock.now();
  const key = `${prefix}:pace${isStop ? ':stop' : ''}:${by.key}:${Math.floor(now / minuteMs)}`;
  const counted = await gated(redis, () =>
    redis
      .multi()
      .incr(key)
      .pexpire(key, 2 * minuteMs)
      .exec(),
  );
  ensurePace(limits, by.name, Number(counted?.[0]?.[1] ?? 0), minuteMs - (now % minuteMs));
}

import { gated } from '#jobs/engine/redis.ts';
import { ensurePace } from '#policy/quotas.ts';
import type { Office } from '../office.ts';
import type { Asker } from './whisper.ts';

const minuteMs = 60_000;

/** Counts a command of this person over all gateways. Throws an `OverLimit` when they give more in a minute than one may. */
export async function countCommand(office: Office, { by }: Asker): Promise<void> {
  const { redis, prefix, limits, desk } = office;
  const now = desk.tools.clock.now();
  const key = `${prefix}:pace:${by.key}:${Math.floor(now / minuteMs)}`;
  const counted = await gated(redis, () =>
    redis
      .multi()
      .incr(key)
      .pexpire(key, 2 * minuteMs)
      .exec(),
  );
  ensurePace(limits, by.name, Number(counted?.[0]?.[1] ?? 0), minuteMs - (now % minuteMs));
}

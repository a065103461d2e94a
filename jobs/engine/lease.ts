import type { Engine } from './engine.ts';
import { Cancelled, Lost } from './interruptions.ts';
import { call } from './scripts.ts';

/** The right to speak for a run, for a while. It belongs to one worker and is renewed until it is closed or lost. */
export interface Lease {
  readonly run: string;
  readonly epoch: string;
  /** Workers that died since the run last got further, this time included. */
  readonly takeovers: number;
  /** Whether the worker before this one died or lost touch in the middle of its work. */
  readonly tookOver: boolean;
  /** The run's last commit, and the bells that were heard; kept up to date by `speaker.ts`. */
  seq: number;
  bells: string;
  /** Aborted with {@link Lost}: nothing more may be done or written. */
  readonly lost: AbortSignal;
  /** Aborted with {@link Cancelled}. */
  readonly cancelled: AbortSignal;
  /** The time by Redis' clock, ms since the epoch. */
  now(): number;
  /** Throws {@link Lost} when the lease may be over. Called right before everything that reaches out. */
  ensure(): void;
  lose(why: string): void;
  renew(): Promise<void>;
  close(): void;
}

/**
 * Claims the run. Answers `left` when this worker can't carry it out and nothing was claimed; `undefined` when there is nothing
 * to do or another worker is at it. Rejects when Redis is in trouble.
 */
export async function claimRun(engine: Engine, run: string): Promise<Lease | 'left' | undefined> {
  const { redis, keys, name, times } = engine;
  const before = performance.now();
  const args = [name, times.lease, run, engine.abilities, times.left, times.stranded];
  const answer = await call(redis, 'claim', keys.of(run), args);
  if (answer[0] === 'left') {
    const [, job = '', version = '', cluster = '', able] = answer;
    engine.noteLeft({ job, version, cluster, able: Number(able) });
    return 'left';
  }
  if (answer[0] !== 'claimed') return undefined;
  const [, epoch = '', seq = '0', bells = '0', redisNow = '0', takeovers, tookOver] = answer;
  return openLease(engine, run, {
    epoch,
    seq: Number(seq),
    bells,
    takeovers: Number(takeovers || 0),
    tookOver: tookOver === '1',
    since: before,
    redisNow: Number(redisNow),
  });
}

interface Claim {
  readonly epoch: string;
  readonly seq: number;
  readonly bells: string;
  readonly takeovers: number;
  readonly tookOver: boolean;
  /** When the claim was sent, by this process' monotonic clock, and what Redis' clock said then. */
  readonly since: number;
  readonly redisNow: number;
}

function openLease(engine: Engine, run: string, claim: Claim): Lease {
  const { redis, keys, times } = engine;
  const lost = new AbortController();
  const cancelled = new AbortController();
  // By our own monotonic clock, from before the call was sent, and a tenth early: we stop before another worker may start.
  const usable = times.lease * 0.9;
  let deadline = claim.since + usable;

  const timer = setInterval(() => void renew(), times.renew);
  const alarm = setInterval(() => {
    if (performance.now() >= deadline) lose('the lease ran out');
  }, times.renew / 2);

  function lose(why: string): void {
    clearInterval(timer);
    clearInterval(alarm);
    if (!lost.signal.aborted) lost.abort(new Lost(why));
  }

  async function renew(): Promise<void> {
    const before = performance.now();
    try {
      const [verdict, cancelAsked] = await call(redis, 'renew', keys.of(run), [claim.epoch, times.lease, lease.seq]);
      if (verdict === 'gap') return lose('Redis has lost what was written last');
      if (verdict !== 'ok') return lose('another worker took over');
      deadline = Math.max(deadline, before + usable);
      if (cancelAsked && !cancelled.signal.aborted) cancelled.abort(new Cancelled('Somebody asked to cancel.'));
    } catch (error) {
      // Redis may be back before the lease is over; the alarm tells when it is not.
      engine.log.debug({ run, reason: String(error) }, 'lease not renewed');
    }
  }

  const lease: Lease = {
    run,
    epoch: claim.epoch,
    takeovers: claim.takeovers,
    tookOver: claim.tookOver,
    seq: claim.seq,
    bells: claim.bells,
    lost: lost.signal,
    cancelled: cancelled.signal,
    now: () => claim.redisNow + (performance.now() - claim.since),
    ensure() {
      if (performance.now() >= deadline) lose('the lease ran out');
      lost.signal.throwIfAborted();
    },
    lose,
    renew,
    close() {
      clearInterval(timer);
      clearInterval(alarm);
    },
  };
  return lease;
}

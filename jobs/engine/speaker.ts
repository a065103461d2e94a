import { atSite } from '#base/site.ts';
import type { Engine } from './engine.ts';
import { Lost } from './interruptions.ts';
import type { Lease } from './lease.ts';
import { encodePatch, type Patch } from './patch.ts';
import { placeName } from './places.ts';
import { redisTrouble } from './redis-trouble.ts';
import { call, type ScriptName } from './scripts.ts';
import type { Slot } from './step.ts';

/** Writes what happens to a run, in order and fenced: all of it rejects with {@link Lost} once another worker may be at it. */
export interface Speaker {
  /** Writes a patch; `leave` names a place that is given up in the same breath, or `everyPlace`. */
  commit(site: string, patch: Patch, leave?: string): Promise<void>;
  /** Lets go of the run for `waitMs`, or until somebody rings. `again`: somebody just did, nothing was written. */
  park(site: string, patch: Patch, waitMs: number, until?: string): Promise<'parked' | 'again'>;
  /** The end of the run, or of what can be done without a person. `stuck` runs keep their locks. */
  finish(site: string, patch: Patch): Promise<void>;
  /** The end of a run that is not done. `kept` when that is asked for in this very moment, and it `made` something; otherwise it goes backwards. */
  giveUp(site: string, patch: Patch, made: boolean): Promise<'kept' | 'undoing'>;
  /** Takes all of these places or queues for them. */
  take(site: string, places: readonly Slot[]): Promise<Turn>;
  /** A line for the run's log. Written soon, and always before the next commit. */
  say(kind: 'note' | 'log', step: string, line: string): void;
  /** After {@link Lost}: tells that nobody died here, so that another worker need not wait for the lease's end. */
  letGo(): Promise<void>;
}

type Turn =
  | { readonly taken: true }
  | { readonly taken: false; readonly position: number; readonly place: string; readonly holder: string };

const longestLine = 2000;

export function makeSpeaker(engine: Engine, lease: Lease): Speaker {
  const keys = engine.keys.of(lease.run);
  const lines: string[] = [];
  /** Numbers what is written together, so that it is not written twice after a lost answer. */
  let batches = 0;
  let last: Promise<unknown> = Promise.resolve();
  let flushing: NodeJS.Timeout | undefined;

  /** One write at a time; those said before it go first. */
  function inTurn<T>(write: () => Promise<T>): Promise<T> {
    const turn = last.then(async () => {
      await flush();
      return write();
    });
    last = turn.catch(() => undefined);
    return turn;
  }

  async function flush(): Promise<void> {
    if (lines.length === 0) return;
    const said = lines.splice(0);
    batches += 1;
    await persist('say', [batches, ...said]);
  }

  /** Asks until Redis has answered: a short outage is waited out, a long one ends the lease. */
  async function persist(script: ScriptName, args: readonly (string | number)[]): Promise<string[]> {
    for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 1000)) {
      lease.ensure();
      try {
        const answer = await call(engine.redis, script, keys, [lease.epoch, ...args]);
        if (answer[0] !== 'fenced') return answer;
        lease.lose('another worker took over');
      } catch (error) {
        if (!redisTrouble(error)) throw error;
        await engine.tools.clock.sleep(waitMs, lease.lost);
      }
    }
  }

  function wake(runs: readonly string[]): void {
    for (const run of runs) void engine.hurry(run);
  }

  return {
    commit: (site, patch, leave = '') =>
      inTurn(() =>
        atSite(site, async () => {
          const seq = lease.seq + 1;
          const [, ...woken] = await persist('commit', [seq, leave, ...encodePatch(patch)]);
          lease.seq = seq;
          wake(woken);
        }),
      ),
    park: (site, patch, waitMs, until = '') =>
      inTurn(() =>
        atSite(site, async () => {
          const wait = Math.ceil(waitMs);
          const [verdict, bells] = await persist('park', [lease.bells, wait, until, ...encodePatch(patch)]);
          if (verdict !== 'again') return 'parked';
          lease.bells = bells ?? lease.bells;
          return 'again';
        }),
      ),
    finish: (site, patch) =>
      inTurn(() =>
        atSite(site, async () => {
          const leave = patch.state === 'stuck' ? 'slot' : '';
          const remember = patch.state === 'stuck' || patch.state === 'kept' ? 0 : engine.times.remember;
          const [, ...woken] = await persist('finish', [lease.seq, leave, remember, ...encodePatch(patch)]);
          wake(woken);
        }),
      ),
    giveUp: (site, patch, made) =>
      inTurn(() =>
        atSite(site, async () => {
          const seq = lease.seq + 1;
          const [state, ...woken] = await persist('give up', [seq, made ? '1' : '', ...encodePatch(patch)]);
          lease.seq = seq;
          wake(woken);
          return state === 'kept' ? 'kept' : 'undoing';
        }),
      ),
    take: (site, places) =>
      inTurn(() =>
        atSite(site, async () => {
          const wanted = places.flatMap(({ name, limit }) => [name, limit]);
          const [verdict, ...rest] = await persist('take', wanted);
          if (verdict === 'taken') {
            wake(rest);
            return { taken: true } as const;
          }
          const [position = '1', place = '', holder = ''] = rest;
          return { taken: false, position: Number(position), place: placeName(place), holder } as const;
        }),
      ),
    say(kind, step, line) {
      lines.push(kind, step, line.slice(0, longestLine).toWellFormed());
      if (flushing) return;
      flushing = setTimeout(() => {
        flushing = undefined;
        // Lost: the lines are another worker's to write. Anything else shows at the next commit.
        inTurn(async () => undefined).catch((error: unknown) => {
          if (!(error instanceof Lost)) engine.log.error({ run: lease.run, err: error }, 'log lines not written');
        });
      }, 100);
    },
    async letGo() {
      const args = [lease.epoch, '', 0, '', ...encodePatch({ what: 'let go' })];
      for (let tries = 0; tries < 60 && !engine.drained.aborted; tries++) {
        try {
          await call(engine.redis, 'park', keys, args);
          return engine.ring(lease.run);
        } catch (error) {
          // Redis is still away. If it stays away, the lease ends by itself, and this counts as a death.
          engine.log.debug({ run: lease.run, reason: String(error) }, 'lease not let go');
          await engine.tools.clock.sleep(500, engine.drained).catch(() => undefined);
        }
      }
    },
  };
}

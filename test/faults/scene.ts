import { setTimeout as sleep } from 'node:timers/promises';
import type { RunRecord } from '#jobs/engine/record.ts';
import { checkInvariants } from './invariants.ts';
import { LostRun, openPlay, type Play } from './play.ts';
import type { Scenario } from './scenarios.ts';
import type { Stage } from './stage.ts';
import { checkWiped } from './wiped.ts';

/** A scenario while it is played. */
export interface Scene {
  readonly play: Play;
  /** Does it so much later; the scene is not over before. */
  later(ms: number, act: () => unknown): void;
  /** Ends with the scene, after what was looked at. */
  use(worker: { leave(): Promise<void> }): void;
}

export interface Script {
  readonly scenario: Scenario;
  /** States in which its run may end besides that of the story. */
  readonly ends?: readonly string[] | undefined;
  /** How often a person may have to help a run that is stuck. */
  readonly helps?: number | undefined;
  /** What else has to be true of its run, besides the invariants. */
  readonly check?: ((play: Play, run: RunRecord) => string[]) | undefined;
  /** Redis forgets something: what the story may repeat may be repeated once more. */
  readonly forgets?: boolean | undefined;
}

/** At a site that the run does not come by this is waited for in vain. */
const mostLooks = 40;

let count = 0;

/**
 * Plays a scenario with the workers that `cast` brings, and answers every breach of the invariants, a sentence each. Leaves the stage as it was. `struck`: what
 * is to go wrong has begun to.
 */
export async function playScene(
  stage: Stage,
  { scenario, ends = [], helps = 0, check, forgets = false }: Script,
  cast: (scene: Scene) => Promise<void>,
  struck: () => boolean = () => true,
): Promise<string[]> {
  count += 1;
  const play = openPlay(stage, `vm-${count}`, helps, stage.server ? 60_000 : 45_000);
  const last = await stage.redis.xrevrange(`${stage.prefix}:audit`, '+', '-', 'COUNT', 1);
  const since = { audit: last[0]?.[0] ?? '0', tasks: stage.lab.cluster.tasks.all().length };
  const workers: { leave(): Promise<void> }[] = [];
  const pending: Promise<unknown>[] = [];
  const violations: string[] = [];
  try {
    await scenario.prepare?.(play);
    await cast({
      play,
      later: (ms, act) => void pending.push(sleep(ms).then(act)),
      use: (worker) => void workers.push(worker),
    });
    const acted = await scenario.act(play).catch((error: unknown) => {
      if (error instanceof LostRun) return undefined;
      throw error;
    });
    // The worker may still be on its way from the run's last commit to the site behind it, and takes its time where the cores are busy.
    for (let looks = 0; looks === 0 || (looks < mostLooks && !struck()); looks++) await sleep(25);
    const hadMore = pending.length > 0;
    while (pending.length > 0) await pending.shift();
    // What a worker still does that stood still, or lost touch, is looked at too.
    if (hadMore) await sleep(40);
    // Whatever was away is back, and a run whose end was forgotten comes to it again.
    await play.ask(() => stage.runs.counts());
    const more = Object.entries(scenario.repeats ?? {}).map(([kind, times]) => [kind, times + Number(forgets)]);
    const repeats = Object.fromEntries(more) as Record<string, number>;
    if (!acted || play.lost.size > 0) violations.push(...(await checkWiped(play, { since, repeats })));
    else {
      const run = await play.ended(acted.id);
      const played = { requests: play.requests, runs: [run], ends: new Set<string>([scenario.end, ...ends]), since };
      violations.push(...(await checkInvariants(stage, { ...played, repeats })), ...(check?.(play, run) ?? []));
    }
  } catch (error) {
    violations.push(`I1: ${error instanceof Error ? error.message : String(error)}`);
  }
  await Promise.all(workers.map((worker) => worker.leave()));
  await stage.reset();
  return violations;
}

import type { Fault } from './faults.ts';
import { type Puppet, startPuppet } from './puppet.ts';
import type { Scenario } from './scenarios.ts';
import { playScene, type Scene } from './scene.ts';
import type { Stage } from './stage.ts';

/** One fault at one site of one scenario. */
export interface Case {
  readonly scenario: Scenario;
  readonly fault: Fault;
  readonly site: string;
  /** The how-manieth time the site is reached. */
  readonly nth: number;
  readonly seed: number;
}

export interface Outcome {
  /** Whether the site was reached at all, so that the fault could strike. */
  readonly struck: boolean;
  /** Breaches of the invariants, one sentence each. */
  readonly violations: readonly string[];
}

/** A case in words, which `--case` understands. */
export const nameOf = ({ scenario, fault, site, nth, seed }: Case) =>
  [scenario.name, fault.name, site, nth, seed].join(' / ');

/** The sites that a scenario comes by when nothing goes wrong, and how often. */
export async function sitesOf(stage: Stage, scenario: Scenario): Promise<Map<string, number>> {
  const met = new Map<string, number>();
  const violations = await playScene(stage, { scenario }, async ({ use }) => {
    const worker = await startPuppet(stage.config, (site) => void met.set(site, (met.get(site) ?? 0) + 1));
    use(worker);
    stage.watchFront((site) => void met.set(site, (met.get(site) ?? 0) + 1));
  });
  if (violations.length > 0) throw new Error(`"${scenario.name}" goes wrong without a fault: ${violations.join(' ')}`);
  return met;
}

/** Plays a case on a stage and looks at what is left of it. Leaves the stage as it was. */
export async function runCase(stage: Stage, one: Case): Promise<Outcome> {
  const { scenario, fault } = one;
  const random = seeded(one.seed);
  let met = 0;
  const cast = async ({ play, later, use }: Scene) => {
    const startHeir = async () => use(await startPuppet(stage.config, () => undefined));
    const onSite = (site: string) => {
      const moment = { play, puppet, site, random, startHeir, later };
      fault.notice?.(site, moment);
      if (site !== one.site) return undefined;
      met += 1;
      return met === one.nth ? fault.strike(moment) : undefined;
    };
    const puppet: Puppet = await startPuppet(stage.config, onSite);
    use(puppet);
    stage.watchFront(onSite);
  };
  const struck = () => met >= one.nth;
  const violations = await playScene(stage, { scenario, ...fault }, cast, struck);
  return { struck: struck(), violations };
}

/** Numbers between 0 and 1 that are the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

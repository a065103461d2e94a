import { type Case, seeded, sitesOf } from './case.ts';
import type { Fault } from './faults.ts';
import { everyFault } from './matrix.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { openStage, type Stage } from './stage.ts';

/** How often a fault is tried at a site that a scenario comes by many times. */
const mostVisits = 2;

/** Every fault at every site of every scenario, in an order that the seed decides; each scenario is played once to find its sites. */
export async function everyCase(seed: number): Promise<Case[]> {
  const all: Case[] = [];
  for (const template of [true, false]) {
    const own = scenarios.filter((scenario) => (scenario.template ?? true) === template);
    await using stage = await openStage({ template });
    for (const scenario of own) all.push(...(await casesOf(stage, scenario, everyFault, seed)));
  }
  return shuffled(all, seed);
}

async function casesOf(stage: Stage, scenario: Scenario, faults: readonly Fault[], seed: number): Promise<Case[]> {
  const sites = await sitesOf(stage, scenario);
  return [...sites].flatMap(([site, times]) =>
    faults
      .filter((fault) => fault.fits(site))
      .flatMap((fault) =>
        Array.from({ length: Math.min(times, mostVisits) }, (_, at) => ({ scenario, fault, site, nth: at + 1, seed })),
      ),
  );
}

/** The case that {@link nameOf} named. Throws when a part of the name is unknown. */
export function readCase(name: string): Case {
  const [scenarioName, faultName, site = '', nth, seed] = name.split(' / ');
  const scenario = scenarios.find((one) => one.name === scenarioName);
  const fault = everyFault.find((one) => one.name === faultName);
  if (!scenario || !fault) throw new Error(`There is no case "${name}".`);
  return { scenario, fault, site, nth: Number(nth ?? 1), seed: Number(seed ?? 1) };
}

/** The same list in another order, the same one for the same seed. */
function shuffled<T>(list: readonly T[], seed: number): T[] {
  const random = seeded(seed);
  return list
    .map((one) => ({ one, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ one }) => one);
}

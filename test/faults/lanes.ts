import { type Case, nameOf, type Outcome, runCase } from './case.ts';
import { redisFaults } from './redis-faults.ts';
import { openStage, type Stage } from './stage.ts';

/** After so many cases a stage has had its day: its Redis and its console have grown. */
const casesPerStage = 60;

/** Plays cases in several lanes side by side, each on stages of its own; tells of each outcome. Ends early when `over` says so. */
export async function playAll(
  cases: readonly Case[],
  lanes: number,
  tell: (one: Case, outcome: Outcome) => void,
  over: () => boolean = () => false,
): Promise<void> {
  const todo = [...cases];
  await Promise.all(Array.from({ length: lanes }, lane));

  async function lane(): Promise<void> {
    const stages = new Map<string, { stage: Stage; left: number }>();
    for (let one = todo.shift(); one && !over(); one = todo.shift()) {
      const template = one.scenario.template ?? true;
      const ownRedis = redisFaults.includes(one.fault) ? ['--appendfsync', 'always'] : undefined;
      const kind = `${template} ${ownRedis !== undefined}`;
      let used = stages.get(kind);
      if (!used) {
        used = { stage: await openStage({ template, ...(ownRedis ? { ownRedis } : {}) }), left: casesPerStage };
        stages.set(kind, used);
      }
      const outcome = await runCase(used.stage, one);
      tell(one, outcome);
      used.left -= 1;
      if (used.left > 0 && outcome.violations.length === 0) continue;
      stages.delete(kind);
      await used.stage[Symbol.asyncDispose]();
    }
    for (const { stage } of stages.values()) await stage[Symbol.asyncDispose]();
  }
}

export const inWords = (one: Case, { violations }: Outcome): string =>
  [`✗ ${nameOf(one)}`, ...violations.map((line) => `    ${line}`)].join('\n');

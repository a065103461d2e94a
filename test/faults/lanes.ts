import { type Case, nameOf, type Outcome, runCase } from './case.ts';
import { redisFaults } from './redis-faults.ts';
import { openStage, type Stage } from './stage.ts';

/** After so many cases a stage has had its day: its Redis and its console have grown. */
const casesPerStage = 60;

/** Stages to play on, of each kind as many as are needed at the same time. */
export interface Theatre extends AsyncDisposable {
  play(one: Case): Promise<Outcome>;
}

export function openTheatre(): Theatre {
  const idle = new Map<string, { stage: Stage; left: number }[]>();
  return {
    async play(one) {
      const { template = true } = one.scenario;
      const { times } = one.fault;
      const ownRedis = redisFaults.includes(one.fault) ? { ownRedis: ['--appendfsync', 'always'] } : {};
      const options = { template, ...ownRedis, ...(times ? { times } : {}) };
      const kind = JSON.stringify(options);
      const free = idle.get(kind) ?? [];
      idle.set(kind, free);
      const used = free.pop() ?? { stage: await openStage(options), left: casesPerStage };
      const outcome = await runCase(used.stage, one);
      used.left -= 1;
      if (used.left > 0 && outcome.violations.length === 0) free.push(used);
      else await used.stage[Symbol.asyncDispose]();
      return outcome;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...idle.values()].flat().map(({ stage }) => stage[Symbol.asyncDispose]()));
    },
  };
}

/** Plays cases in several lanes side by side; tells of each outcome. Ends early when `over` says so. */
export async function playAll(
  cases: readonly Case[],
  lanes: number,
  tell: (one: Case, outcome: Outcome) => void,
  over: () => boolean = () => false,
): Promise<void> {
  await using theatre = openTheatre();
  const todo = [...cases];
  const lane = async () => {
    for (let one = todo.shift(); one && !over(); one = todo.shift()) tell(one, await theatre.play(one));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

export const inWords = (one: Case, { violations }: Outcome): string =>
  [`✗ ${nameOf(one)}`, ...violations.map((line) => `    ${line}`)].join('\n');

import { z } from 'zod';
import type { Json } from '#base/json.ts';
import type { AnyJob, Job } from './job.ts';
import type { AnyStep, Step } from './step.ts';
import type { FarSide } from './test-far-side.ts';
import type { World } from './world.ts';

export type MakePlan = { readonly things: readonly string[]; readonly locks?: readonly string[] };

/** Makes one thing on the far side, which must not be made twice. */
export const makeThing: Step<{ thing: string }, { made: string }> = {
  name: 'make',
  label: ({ thing }) => `Make ${thing}`,
  timeout: '10s',
  repeat: 'look first',
  async run(world, { thing }) {
    const far = farOf(world);
    const attempt = far.count(`make ${thing}`) + 1;
    await far.before.get(`make ${thing}`)?.(world.signal, attempt);
    far.effects.push(`make ${thing}`);
    far.things.set(thing, world.runId);
    await world.save({ task: `task of ${thing}` });
    await far.after.get(`make ${thing}`)?.(world.signal, attempt);
    return { made: thing };
  },
  async find(world, { thing }) {
    const far = farOf(world);
    far.effects.push(`find ${thing}`);
    return far.things.get(thing) === world.runId ? { made: thing } : undefined;
  },
  async undo(world, { thing }) {
    const far = farOf(world);
    await far.before.get(`remove ${thing}`)?.(world.signal, far.count(`remove ${thing}`) + 1);
    far.effects.push(`remove ${thing}`);
    if (far.things.get(thing) === world.runId) far.things.delete(thing);
    return thing !== 'nothing';
  },
  undone: ({ thing }) => `removed ${thing}`,
};

/** Makes the plan's things one after the other, each with a note. */
export const make: Job<Json, MakePlan, { made: string[] }> = job('make', [makeThing], async (run, { things }) => {
  const made: string[] = [];
  for (const thing of things) made.push((await run.step(makeThing, { thing }, thing)).made);
  return { made };
});

export function job<Result extends Json>(
  name: string,
  steps: readonly AnyStep[],
  run: Job<Json, MakePlan, Result>['run'],
): Job<Json, MakePlan, Result> {
  return {
    name,
    version: 1,
    input: z.json(),
    steps,
    async plan(look) {
      const far = farOf(look);
      await far.before.get('plan')?.(look.signal, 1);
      if (far.plan instanceof Error) throw far.plan;
      far.claimed.add(look.runId);
      return far.plan as MakePlan;
    },
    describe: ({ things }) => ({
      title: `make ${things.join(', ')}`,
      rows: [],
      changes: { create: things.length, change: 0, destroy: 0 },
      warnings: [],
      steps: things.map((thing) => `Make ${thing}`),
    }),
    locks: (plan) => plan.locks ?? [],
    run,
    summary: () => ({ tone: 'ok', fallback: 'Done.', blocks: [] }),
  };
}

export const jobsOf = (...jobs: AnyJob[]): ReadonlyMap<string, AnyJob> => new Map(jobs.map((one) => [one.name, one]));

/** The tests' far side stands where a real program has its settings. */
export const farOf = (world: Pick<World, 'settings'>): FarSide => world.settings as unknown as FarSide;

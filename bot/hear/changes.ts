import type { Runs } from '#jobs/engine/runs.ts';
import type { Order } from '#jobs/engine/submit.ts';
import type { Decision, Vote } from '#jobs/engine/vote.ts';
import type { Grant } from '#policy/authorize.ts';
import { ensureRoom, forStopping, type Limits } from '#policy/quotas.ts';

/** What may be seen of jobs by whoever answers people. */
export type RunReader = Pick<Runs, 'read' | 'steps' | 'log' | 'list' | 'openAsks' | 'counts'>;

/** The only way to a change: each wants the right to it, which `authorize` alone gives. */
export interface Changes {
  /**
   * A new job, asked for by whom the right was given, and asking whom it says. Throws an `OverLimit` when too many
   * of that person's wait already.
   */
  submit(grant: Grant, order: Omit<Order, 'by' | 'approval'>): Promise<unknown>;
  /** Does to a job what was granted. `ok`, or a sentence that says why not. */
  carryOut(grant: Grant): Promise<string>;
  /** `as`: the name under which the voter asked or voted before. */
  vote(grant: Grant, vote: Omit<Vote, 'by' | 'run' | 'yes'>, as: string): Promise<Decision>;
}

export function openChanges(runs: Runs, limits: Limits): Changes {
  return {
    async submit({ principal: { key, name }, approval, action }, order) {
      if (action.kind === 'join' || action.kind === 'vote') throw new Error(`a right to ${action.kind} starts no job`);
      const own = action.kind === 'command' ? limits : forStopping(limits);
      const mostWaiting = own.waiting;
      const made = await runs.submit({ ...order, by: { key, name }, ...(approval ? { approval } : {}), mostWaiting });
      if ('waiting' in made) ensureRoom(own, name, made.waiting);
      return made;
    },
    async carryOut({ principal: { key, name }, action, run, approval }) {
      if (run === undefined) throw new Error('a right that is about no job');
      const by = { key, name };
      switch (action.kind) {
        case 'cancel':
          return runs.cancel(run, by);
        case 'retry':
          return runs.retry(run, by, approval ?? 'none');
        case 'roll back':
          return runs.rollBack(run, by);
        case 'keep':
          return runs.keep(run, by);
        default:
          throw new Error(`a right to ${action.kind} changes no job`);
      }
    },
    async vote({ principal, action, run }, vote, as) {
      if (action.kind !== 'vote' || run === undefined) throw new Error(`a right to ${action.kind} is no vote`);
      const { name, groups } = principal;
      return runs.vote({ ...vote, run, yes: action.yes, by: { key: as, name, groups } });
    },
  };
}

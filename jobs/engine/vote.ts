/** One press of a button on a question. */
export interface Vote {
  readonly run: string;
  /** The platform's id of the press: the same when it is delivered twice. */
  readonly delivery: string;
  /** Of the question as it was shown. */
  readonly revision: number;
  readonly yes: boolean;
  /** Why, in the voter's words. */
  readonly reason?: string;
  readonly by: Voter;
  /** People who said yes before and may not say so any more: their votes count no more. */
  readonly gone?: readonly string[];
}

export interface Voter {
  readonly key: string;
  readonly name: string;
  readonly groups: readonly string[];
}

/**
 * - `approved`, `rejected`: this vote decided; `counted`: more are needed
 * - `closed`: it was decided before, or is no question any more; `stale`: the plan changed since
 * - `forbidden`: the person is in none of the groups; `self`: somebody else than the one who asked must say yes
 * - `already`: this person said yes before; `duplicate`: the same press again; `expired`: too late
 */
export type Verdict =
  | 'approved'
  | 'counted'
  | 'rejected'
  | 'duplicate'
  | 'closed'
  | 'stale'
  | 'forbidden'
  | 'self'
  | 'already'
  | 'expired';

export interface Decision {
  readonly verdict: Verdict;
  /** The name of the last one whose vote counted. */
  readonly decidedBy: string | undefined;
}

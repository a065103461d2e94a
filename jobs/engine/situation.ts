import type { Cluster } from '#proxmox/cluster.ts';
import type { Engine } from './engine.ts';
import type { AnyJob } from './job.ts';
import type { Lease } from './lease.ts';
import type { RunRecord } from './record.ts';
import type { Speaker } from './speaker.ts';

/** One look at a run by the worker that holds it. */
export interface Situation extends JoblessSituation {
  readonly job: AnyJob;
}

/** All that is needed to end a run of which no step has begun: then its job need not be known. */
export interface JoblessSituation {
  readonly engine: Engine;
  readonly lease: Lease;
  readonly speaker: Speaker;
  readonly record: RunRecord;
  readonly cluster: Cluster;
}

/** `again`: the run is in another state now, look on. `left`: it is let go, or over. */
export type Next = 'again' | 'left';

/** After `park`: somebody who rang in between is listened to at once. */
export const nextOf = (parked: 'parked' | 'again'): Next => (parked === 'again' ? 'again' : 'left');

/** Hands the run to whichever worker comes first: this one shuts down. */
export async function handOver({ engine, lease, speaker }: JoblessSituation): Promise<Next> {
  const parked = await speaker.park('run/hand over', { what: 'handed over' }, 0);
  await engine.ring(lease.run);
  // When somebody rang in between, the next look finds out that this worker shuts down and parks again.
  return nextOf(parked);
}

import type { Card } from '#base/card.ts';
import { UserError } from '#base/errors.ts';
import { knownOnes } from '#base/suggest.ts';
import type { Health, Person } from '#chat/platform.ts';
import type { Runs } from '#jobs/engine/runs.ts';
import type { Tools } from '#jobs/engine/world.ts';
import type { Command } from './command.ts';

type Clusters = Tools['clusters'];

/** What a command may look at to answer at once. */
export interface Desk {
  readonly table: readonly Command[];
  readonly tools: Tools;
  /** What there is to see of jobs; changing them is not for commands. */
  readonly runs: Pick<Runs, 'read' | 'steps' | 'log' | 'list' | 'openAsks' | 'counts'>;
  /** Where commands go when nobody says. */
  readonly cluster: string;
  /** The resource pool that new VMs go into when nobody says. */
  readonly pool?: string | undefined;
  readonly signal: AbortSignal;
  readonly self: Self;
  /** How every gateway's platforms are. */
  platforms(): Promise<readonly PlatformState[]>;
}

/** A chat platform as one gateway sees it. */
export interface PlatformState {
  readonly gateway: string;
  /** `slack` */
  readonly platform: string;
  readonly health: Health;
}

/** What concerns the one who types, whoever that is on each platform. */
export interface Self {
  /** What waits for a person, their jobs and their VMs. */
  home(by: Person): Promise<Card>;
  /** A code that joins another account to this person. */
  offerLink(by: Person): Promise<string>;
  /** Who made a code. Throws a `UserError` when nobody did. */
  readLink(code: string): Promise<Person>;
  link(code: string, by: Person): Promise<Person>;
  unlink(by: Person): Promise<void>;
}

/** The cluster a command is about. Throws a `UserError` when the configuration has none of that name. */
export function clusterOf(
  desk: Desk,
  name = desk.cluster,
): Clusters extends ReadonlyMap<string, infer Cluster> ? Cluster : never {
  const cluster = desk.tools.clusters.get(name);
  if (cluster) return cluster;
  throw new UserError(`There is no cluster "${name}". ${knownOnes(name, [...desk.tools.clusters.keys()])}`);
}

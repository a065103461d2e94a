import type { Card } from '#base/card.ts';
import { UserError } from '#base/errors.ts';
import { knownOnes } from '#base/suggest.ts';
import type { Health, Person, Place } from '#chat/platform.ts';
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
  /** The pools that channels name for a cluster. */
  channelPools(cluster: string): readonly string[];
  /** Where the command was typed; undefined for a desk that is no channel's. */
  readonly place?: Place;
  /** What is probably not meant so in the rules, in whole sentences. */
  readonly rules: readonly string[];
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
  offerLink(by: Person, place: Place | undefined): Promise<string>;
  /** Who made a code, and whose account typed it. Throws a `UserError` when nobody made it, or after too many that nobody made. */
  readLink(code: string, by: Person): Promise<{ readonly maker: Person; readonly claim?: Person | undefined }>;
  /** Asks whoever made the code to confirm that this account is theirs. */
  claimLink(code: string, by: Person, place: Place | undefined): Promise<void>;
  /** Joins the account that typed the code; for whoever made it. */
  confirmLink(code: string, by: Person): Promise<Person>;
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

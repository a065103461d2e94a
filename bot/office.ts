import type { Redis } from 'ioredis';
import type { Log } from '#base/log.ts';
import type { ChatPlatform, Place } from '#chat/platform.ts';
import type { Desk } from '#commands/desk.ts';
import type { AnyJob } from '#jobs/engine/job.ts';
import type { Policy } from '#policy/authorize.ts';
import type { Buttons } from './cards/buttons.ts';
import type { Config } from './config.ts';
import type { Authorize } from './hear/authorizing.ts';
import type { Changes } from './hear/changes.ts';
import type { People } from './people.ts';

/** What the parts of a gateway share. */
export interface Office {
  readonly desk: Desk;
  /** Who may do what; for what is only shown. {@link Office.authorize} is for what is done. */
  readonly policy: Policy;
  /** Gives the right to a change, or throws; each refusal is noted. */
  readonly authorize: Authorize;
  readonly changes: Changes;
  /** How much one person may ask for. */
  readonly limits: Config['limits'];
  readonly jobs: ReadonlyMap<string, AnyJob>;
  readonly buttons: Buttons;
  readonly people: People;
  readonly platforms: ReadonlyMap<string, ChatPlatform>;
  /** What commands are about by default, channel by channel. */
  readonly channels: Config['channels'];
  /** What rules' groups are made of. */
  readonly groups: Config['groups'];
  /** How long what a failed run left may stay: `2h`. */
  readonly keepFor: string;
  readonly redis: Redis;
  readonly prefix: string;
  /** Answers that are given after the acknowledgement take turns, so that a rush of questions does not hold up what is being acknowledged. */
  readonly answering: <T>(act: () => Promise<T>) => Promise<T>;
  readonly log: Log;
}

/** The platform a place belongs to; undefined when this gateway does not serve it. */
export function platformOf(office: Office, place: Place): ChatPlatform | undefined {
  return office.platforms.get(place.platform);
}

/** The desk as commands in this channel see it: with the channel's cluster and pool where it has them. */
export function deskAt({ desk, channels }: Office, at: Place): Desk {
  const { platform, channel } = at;
  const own = channels.find(({ place }) => place === `${platform}:${channel}`);
  return { ...desk, place: at, ...(own ? { cluster: own.cluster ?? desk.cluster, pool: own.pool } : {}) };
}

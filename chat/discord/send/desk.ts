import type { Rest } from '../rest.ts';
import type { Roles } from '../roles.ts';

/** What is needed to send. */
export interface Desk {
  readonly rest: Rest;
  readonly roles: Roles;
  /** The bot's own user. */
  self(): string;
  /** Channels that were seen to have no threads: direct messages. */
  readonly threadless: Set<string>;
  now(): number;
}

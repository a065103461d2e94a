import type { Card } from '#base/card.ts';
import type { Log } from '#base/log.ts';
import type { Clients } from '../clients.ts';
import type { Condition } from '../condition.ts';
import type { Directory } from '../directory.ts';
import { fitCard } from '../render/fit.ts';
import type { Message } from '../render/render.ts';

/** What is needed to bring messages to Slack. */
export interface Bench {
  readonly team: string;
  /** The bot's own user. */
  readonly self: string;
  readonly clients: Clients;
  readonly condition: Condition;
  readonly directory: Directory;
  /** Channels of direct messages, by user; they never change. */
  readonly directs: Map<string, string>;
  readonly log: Log;
}

/** A card as a message of this workspace. `mentions`: see {@link Showing}. */
export function messageOf({ team, directory }: Bench, card: Card, mentions: boolean): Message {
  const { text, blocks } = fitCard(card, { team, groups: directory.groups, mentions, surface: 'message' });
  return { text, blocks };
}

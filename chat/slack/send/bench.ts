import type { Card } from '#base/card.ts';
import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log.ts';
import type { Clients } from '../clients.ts';
import type { Condition } from '../condition.ts';
import type { Directory } from '../directory.ts';
import { fitCard } from '../render/fit.ts';
import type { Message } from '../render/render.ts';
import type { Showing } from '../render/showing.ts';
import type { Typed } from '../roots.ts';

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
  readonly typed: Typed;
  readonly clock: Clock;
  readonly log: Log;
}

/** A card as a message of this workspace. `mentions`: see {@link Showing}. */
export function messageOf(bench: Bench, card: Card, mentions: boolean): Message {
  const { text, blocks } = fitCard(card, showingOf(bench, mentions));
  return { text, blocks };
}

export function showingOf({ team, directory, typed }: Bench, mentions: boolean): Showing {
  return { team, groups: directory.groups, mentions, surface: 'message', typed };
}

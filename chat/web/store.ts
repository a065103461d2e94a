import type { Card } from '#base/card.ts';

/**
 * Where the console's messages are kept: outside the process, since several gateways serve the same page. All times are
 * ms since the epoch by the store's own clock.
 */
export interface WebStore {
  /** Files a message. The same key files nothing new and answers the first one, with `isNew: false`. */
  add(message: NewMessage, key: string): Promise<{ readonly message: WebMessage; readonly isNew: boolean }>;
  /** Gives a message new content and the next revision; the content it has already changes nothing. Undefined when it is not kept any more. */
  change(id: string, content: Content): Promise<WebMessage | undefined>;
  read(id: string): Promise<WebMessage | undefined>;
  /**
   * The newest messages outside threads, oldest first: at most `limit` that are for everybody and `limit` that are for this
   * person alone.
   */
  recent(channel: string, limit: number, person: string): Promise<readonly WebMessage[]>;
  /** What stands in the thread of a message, oldest first, what is for somebody alone included. */
  thread(id: string): Promise<readonly WebMessage[]>;
  /** Where the line of events ends now. */
  cursor(): Promise<string>;
  /** What happened after a cursor; undefined when the store does not reach back that far. A message that changed twice comes once. */
  since(cursor: string): Promise<readonly WebEvent[] | undefined>;
  /** Everything that happens after a cursor, until the signal ends it. */
  follow(cursor: string, signal: AbortSignal): AsyncIterable<WebEvent>;
  /** Notes that these people are here, and answers the keys of everybody who was noted in the last `withinMs`, sorted. */
  greet(people: readonly string[], withinMs: number): Promise<readonly string[]>;
}

/** What a message says: a card of the bot's, or the line that a person typed. */
export type Content =
  | { readonly kind: 'card'; readonly card: Card }
  /** `sending`: not yet taken by the bot, seen only by its author. `refused`: it was given back and nobody sees it any more. `answered`: taken, and still
   * for its author alone, as its answer is. */
  | { readonly kind: 'typed'; readonly text: string; readonly state: 'sending' | 'taken' | 'answered' | 'refused' };

export interface NewMessage {
  readonly channel: string;
  /** The message whose thread this one stands in. */
  readonly thread?: string;
  /** Who typed it; the bot when left out. */
  readonly by?: { readonly key: string; readonly name: string };
  /** The key of the only person who sees it; everybody when left out. */
  readonly to?: string;
  readonly content: Content;
}

export interface WebMessage extends NewMessage {
  /** A number in decimal; later messages have greater ones. */
  readonly id: string;
  readonly at: number;
  /** 1, and one more with each change. */
  readonly revision: number;
  /** How many messages its own thread has. */
  readonly replies: number;
  /** The how-manieth message of its thread it is, from 1. */
  readonly nth?: number;
}

/** A message was filed or changed. `cursor` grows with each event. */
export interface WebEvent {
  readonly cursor: string;
  readonly message: WebMessage;
}

/** How much is kept: older messages of a channel (with their threads), of a person's private ones, of a thread, and events go. */
export const keep = { channel: 1000, person: 100, thread: 1000, events: 5000 } as const;

/** Whether a person may see a message. */
export function maySee(message: NewMessage, person: string): boolean {
  const { to, content, by } = message;
  if (content.kind === 'typed' && content.state !== 'taken') return by?.key === person;
  return to === undefined || to === person;
}

/** Whether a message was taken back: a page that shows it still is told so, and one that begins anew is not told of it. */
export function isTakenBack({ content }: NewMessage): boolean {
  return content.kind === 'typed' && content.state === 'refused';
}

import type { Card } from '#base/card.ts';

/**
 * A place where people type: Slack, Discord, the web console. An adapter only carries: it knows nothing of commands,
 * jobs or Proxmox, and nothing of the product knows which platform it talks to.
 */
export interface ChatPlatform {
  readonly name: string;
  /** Begins to hand over what people do. Resolves when the platform is connected. */
  start(listener: ChatListener): Promise<void>;
  /** Posts once: the same key posts nothing new and answers the first message's place. */
  post(place: Place, card: Card, key: string): Promise<MessageRef>;
  /** Replaces a message by a newer render. */
  edit(ref: MessageRef, card: Card): Promise<void>;
  /** Tells one person something that nobody else sees. */
  whisper(place: Place, person: string, card: Card): Promise<void>;
  /** The groups a person is in on this platform, as the rules name them. */
  groupsOf(person: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export interface ChatListener {
  /**
   * Somebody typed a command. Resolves when it is kept safe; only then does the platform acknowledge it. `private` when the answer is for the
   * one who typed alone, so nobody else need see that it was typed. Rejects with a `RemoteError` when nothing was kept.
   */
  command(typed: Invocation): Promise<'public' | 'private'>;
  /** Somebody pressed a button. Same rule. */
  press(press: Press): Promise<void>;
  /** Words that could stand at the cursor, best first. `text` is the line up to the cursor. */
  complete(text: string, by: Person): Promise<readonly Completion[]>;
}

/** What a person typed. `id` is the platform's own request id: the same when it is delivered twice. */
export interface Invocation {
  readonly id: string;
  readonly place: Place;
  readonly by: Person;
  /** The line as typed, with its slash: `/vm create k8s-dev medium`. */
  readonly text: string;
}

export interface Press {
  readonly id: string;
  readonly place: Place;
  readonly by: Person;
  /** The token of the {@link Action} that was pressed. */
  readonly token: string;
}

/** Where a message stands. Plain JSON: runs carry it, and any gateway can post there. */
export interface Place {
  readonly platform: string;
  readonly channel: string;
  /** The message whose thread this is. */
  readonly thread?: string;
}

/** `key` is the same for one human wherever they type (`/me link` joins platforms); rules and votes use it. */
export interface Person {
  readonly key: string;
  readonly name: string;
  readonly groups: readonly string[];
}

/** A posted message. */
export interface MessageRef {
  readonly place: Place;
  readonly id: string;
}

export interface Completion {
  /** The whole line after taking it. */
  readonly line: string;
  readonly label: string;
  readonly about: string;
}

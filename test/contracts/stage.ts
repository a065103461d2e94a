import type { Notes } from '#chat/notes-for-tests.ts';
import type { ChatPlatform, MessageRef, Place } from '#chat/platform.ts';

export type Values = Readonly<Record<string, string | number | boolean>>;

/** A person in front of the platform, as its own client lets them act. */
export interface Actor {
  readonly account: string;
  /** Types a command, or picks it. Resolves when the client shows what became of it. */
  run(command: string, values?: Values): Promise<void>;
  /** Presses the button with this label. When asked once more they say yes, or no when they are not `sure`. */
  press(ref: MessageRef, label: string, sure?: boolean): Promise<void>;
  /** Puts these into the form that is open, by the names of its fields, and sends it. What stood there before stays. */
  fill(values: Values): Promise<void>;
  /** Whether a form is open before them. */
  formOpen(): boolean;
  /** What is said to be wrong with the form that they sent. */
  complaint(): string;
  /** What is offered in a field of the open form; or in an option of `/vm create`, where forms offer nothing. */
  words(field: string, typed: string): Promise<readonly string[]>;
  /** What their home view says. Undefined where the platform has none. */
  readonly home: (() => Promise<string>) | undefined;
  /** What this person alone sees in the channel, as text. What they typed and got back counts too. */
  whispers(): readonly string[];
  /** What stands in their direct messages. */
  direct(): readonly string[];
}

/** One platform with a running adapter. Texts are as a person reads them, with the platform's own marks. */
export interface Stage extends AsyncDisposable, Notes {
  readonly platform: ChatPlatform;
  /** The channel `ops`. */
  readonly place: Place;
  readonly ana: Actor;
  readonly ben: Actor;
  /** The groups that Ben is in here. */
  readonly benIn: readonly string[];
  /** A place of this platform that takes no messages. Undefined where there are none. */
  readonly closed: Place | undefined;
  /** Another gateway of the same bot, started; it ends with the stage. */
  another(): Promise<ChatPlatform>;
  /** What everybody sees in the channel, the oldest first. */
  messages(): readonly string[];
  thread(ref: MessageRef): readonly string[];
  /** Names and contents of the files in the message's thread, or with the message. */
  files(ref: MessageRef): readonly (readonly [name: string, text: string])[];
  /** Where the message's buttons lead that are links. */
  links(ref: MessageRef): readonly string[];
  /** The accounts and groups that the message told with a sound; `everybody` when it was everybody. */
  pinged(ref: MessageRef): readonly string[];
  until(look: () => boolean, what: string): Promise<void>;
  /** The next message is taken, but its answer gets lost. */
  loseNextAnswer(): void;
  /** Somebody deletes the message. */
  remove(ref: MessageRef): void;
  /** What is done next is delivered twice, as the platform does when it is not sure. */
  deliverTwice(): void;
  /** Whether people's doings can still reach the bot: it listens, or has a connection. */
  listens(): Promise<boolean>;
  /** What the vendor's schema does not allow. */
  violations(): readonly unknown[];
}

import type { Card } from '#base/card.ts';
import type { Form } from './form.ts';
import type { Pace } from './pace.ts';

/**
 * A place where people type: Slack, Discord, the web console. An adapter only carries: it knows nothing of commands,
 * jobs or Proxmox, and nothing of the product knows which platform it talks to. What it cannot bring it refuses with a `DeliveryError`.
 */
export interface ChatPlatform {
  readonly name: string;
  /** What the platform bears; the bot keeps within it. */
  readonly pace: Pace;
  /**
   * Begins to hand over what people do. Resolves when the platform is connected; rejects with a `UserError` that names what is wrong (token, scope, intent) when
   * that will not change by itself, and with a `RemoteError` otherwise.
   */
  start(listener: ChatListener): Promise<void>;
  /** Posts once: the same key posts nothing new and answers the first message's place. */
  post(place: Place, card: Card, posting: Posting): Promise<MessageRef>;
  /** Replaces a message by a newer render. */
  edit(ref: MessageRef, card: Card): Promise<void>;
  /** Tells one person something that nobody else sees, once for each key. Where the platform can't say whether an earlier try got through, a second one says that it is one. */
  whisper(place: Place, account: string, card: Card, whispering: Whispering): Promise<void>;
  /** Where to post so that this person alone reads it, later too. */
  direct(account: string): Promise<Place>;
  /** The groups an account is in on this platform, as rules name them: `slack:ops`. From a cache where asking takes long. */
  groupsOf(account: string): Promise<readonly string[]>;
  /** Why an account is none of the platform's own people now; undefined when it is one. See {@link Account.outside}. */
  outsideOf(account: string): Promise<string | undefined>;
  /** Whether people can be heard now; if not, why, and what to do about it. The bot tells of it in the log, to whoever started it and in `/bot doctor`. */
  health(): Health;
  stop(): Promise<void>;
}

export interface Posting {
  readonly key: string;
  /** An earlier try under this key may have got through (its answer was lost, or its gateway was killed): look for it before posting. */
  readonly again: boolean;
}

export interface Whispering extends Posting {
  /** The {@link Invocation.reply} of what it answers. */
  readonly reply?: string;
}

/** `but`: people are heard, and something else does not work. */
export type Health = { readonly up: true; readonly but?: string } | { readonly up: false; readonly why: string };

export interface ChatListener {
  /** Somebody typed a command. Resolves when it is kept safe; only then does the platform acknowledge it. Rejects with a `RemoteError` when nothing was kept. */
  command(typed: Invocation): Promise<Heard>;
  /** Somebody pressed a button. Same rule. */
  press(press: Press): Promise<Heard>;
  /** Somebody sent a form. Same rule; what is wrong comes back for each field, `''` for the form as a whole, and then nothing was kept. */
  submit(filled: Filled): Promise<Complaints | undefined>;
  /** Words that could stand at the cursor, best first. `text` is the line up to the cursor. */
  complete(text: string, by: Account, place: Place): Promise<readonly Completion[]>;
  /** What fits a field of a form, or an option of a command (`token` is then its path), best first. */
  words(wanted: Wanted): Promise<readonly Word[]>;
  /** What waits for this person, and what is theirs: for a home tab. */
  home(by: Account, place: Place): Promise<Card>;
}

/**
 * What became of it. `private`: the answer is for the one who typed alone, so nobody else need see that it was typed. A form: it is to be shown to them
 * at once, and nothing was kept.
 */
export type Heard = 'public' | 'private' | Form;

/** What a person typed. `id` is the platform's own request id: the same when it is delivered twice. */
export interface Invocation {
  readonly id: string;
  readonly place: Place;
  readonly by: Account;
  /** The line as typed, with its slash: `/vm create k8s-dev medium`. */
  readonly text: string;
  /** What another gateway needs to answer in the same place, where it needs anything; sealed. */
  readonly reply?: string;
}

export interface Press {
  readonly id: string;
  readonly place: Place;
  readonly by: Account;
  /** The token of the {@link Action} that was pressed. */
  readonly token: string;
}

export interface Filled {
  readonly id: string;
  readonly place: Place;
  readonly by: Account;
  /** The form's. */
  readonly token: string;
  /** By field; what was left empty is left out. A flag is `true`. */
  readonly values: Readonly<Record<string, string | true>>;
}

export type Complaints = Readonly<Record<string, string>>;

export interface Wanted {
  /** A form's token, or a command's path. */
  readonly token: string;
  readonly field: string;
  /** What was typed so far. */
  readonly typed: string;
  readonly by: Account;
  readonly place: Place;
}

export interface Word {
  readonly word: string;
  readonly about: string;
}

/** Where a message stands. Plain JSON: runs carry it, and any gateway can post there. */
export interface Place {
  readonly platform: string;
  readonly channel: string;
  /** The message whose thread this is. */
  readonly thread?: string;
}

/** Somebody as one platform knows them. */
export interface Account {
  /** Unique over all platforms: `slack:T012:U0ANA`, `discord:900000000000000010`; in the console the key that the configuration gives. */
  readonly account: string;
  readonly name: string;
  /** With the platform's name before them, so that nobody gets rights by naming a group: `slack:ops`. */
  readonly groups: readonly string[];
  /** Why they are none of the platform's own people: `you are of another Slack workspace`. Left out for those who are. */
  readonly outside?: string;
  /** They are outside only as a guest: a group that the configuration names lets them in. */
  readonly guest?: boolean;
}

/** One human, wherever they type (`/me link` joins their accounts); rules and votes use the key. */
export interface Person extends Account {
  readonly key: string;
  /** The configuration names them, or a group that they are in. */
  readonly known: boolean;
}

/** A posted message. Plain JSON; `id` is the platform's own. */
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

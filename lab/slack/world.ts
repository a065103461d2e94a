import type { Changes } from '../changes.ts';
import type { LabClock } from '../clock.ts';
import type { App } from './app.ts';
import type { Delivery, Outcome } from './deliver/delivery.ts';
import type { Fault } from './faults.ts';
import type { Message } from './message.ts';
import type { Settings } from './settings.ts';
import type { Trigger, View } from './view.ts';

/** Everything there is: one workspace and one app in it. Times are ms since the epoch, by the lab's clock. */
export interface World {
  readonly settings: Settings;
  readonly clock: LabClock;
  readonly changes: Changes;
  readonly faults: Fault[];
  readonly violations: Violation[];
  /** Every request, in the order of arrival. */
  readonly calls: Call[];
  /** Everything that was brought to the app, in the order in which it was sent. */
  readonly deliveries: Delivery[];
  readonly team: Team;
  readonly app: App;
  readonly users: Map<string, User>;
  readonly groups: Map<string, Usergroup>;
  readonly channels: Map<string, Channel>;
  /** By channel and ts (`messageKey`), the oldest first. Ephemeral ones stand here too. */
  readonly messages: Map<string, Message>;
  readonly files: Map<string, SlackFile>;
  readonly views: Map<string, View>;
  /** Ids of the modals that stand open before a person, the top one last. */
  readonly stacks: Map<string, string[]>;
  /** The home tab's view, by person. */
  readonly homes: Map<string, string>;
  readonly triggers: Map<string, Trigger>;
  readonly responseUrls: Map<string, ResponseUrl>;
  /** What apps.connections.open gave out and nobody has used yet. Each opens one socket. */
  readonly tickets: Set<string>;
  /** Where the lab itself can be reached: `http://127.0.0.1:PORT`. */
  origin: string;
  /** Nobody reaches Slack: connections are cut, new ones refused. */
  offline: boolean;
  /** `A1B2…`: a letter and a number that nobody else has. */
  newId(letter: string): string;
  /** The time as Slack writes it, `1700000000.000100`, never the same twice. */
  newTs(): string;
  /** Brings something to the app, however it listens. */
  deliver(delivery: Delivery): Promise<Outcome>;
  /** Whether the app has a socket open. */
  listening(): boolean;
}

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly email: string;
  readonly bot: boolean;
  /** Of another workspace, in a shared channel. */
  readonly team?: string;
  /** Only in the channels that they were let into. */
  readonly guest?: boolean;
  readonly timezone: string;
}

export interface Usergroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly users: Set<string>;
}

export interface Channel {
  readonly id: string;
  /** Without `#`. A direct channel has none. */
  readonly name: string;
  readonly kind: 'public' | 'private' | 'im';
  /** Ids of users; the bot's too. */
  readonly members: Set<string>;
  archived: boolean;
  /** The workspace lets nobody but its owners post here: restricted_action_read_only_channel. */
  readOnly: boolean;
}

export interface SlackFile {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  /** As it was announced, in bytes. */
  readonly size: number;
  title: string;
  bytes: Buffer | undefined;
  /** Where it was shared. */
  readonly channels: Set<string>;
}

export interface ResponseUrl {
  readonly userId: string;
  readonly channelId: string;
  /** The message that was pressed on; a slash command has none. */
  readonly messageTs?: string | undefined;
  readonly threadTs?: string | undefined;
  readonly expiresAt: number;
  uses: number;
}

/** A request that came in. */
export interface Call {
  /** `chat.postMessage`; `upload`, `response_url` */
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly at: number;
  /** `ok`, or Slack's name of the error; `undefined` while it is not answered, or when the connection was dropped. */
  result: string | undefined;
}

/** Something that Slack would refuse, or silently ignore. */
export interface Violation {
  readonly kind: 'wrong-payload' | 'wrong-argument' | 'unknown-method' | 'wrong-acknowledgement' | 'lab-bug';
  /** `chat.postMessage`, `ack of slash_commands` */
  readonly where: string;
  readonly problems: readonly string[];
}

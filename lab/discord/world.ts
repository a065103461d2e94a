import type { Changes } from '../changes.ts';
import type { LabClock } from '../clock.ts';
import type { Command } from './command.ts';
import type { Fault } from './faults.ts';
import type { Interaction, Modal } from './interaction.ts';
import type { Message } from './message.ts';
import type { Settings } from './settings.ts';

/** Everything there is: one application in one guild. Ids are snowflakes; times ms since the epoch, by the lab's clock. */
export interface World {
  readonly settings: Settings;
  readonly clock: LabClock;
  readonly newId: () => string;
  readonly changes: Changes;
  readonly faults: Fault[];
  readonly violations: Violation[];
  readonly application: Application;
  readonly guild: Guild;
  readonly roles: Map<string, Role>;
  readonly users: Map<string, User>;
  readonly members: Map<string, Member>;
  readonly channels: Map<string, Channel>;
  /** By id, the oldest first. Ephemeral ones stand here too. */
  readonly messages: Map<string, Message>;
  readonly commands: Map<string, Command>;
  readonly interactions: Map<string, Interaction>;
  /** The form that stands open before each person, by user. */
  readonly modals: Map<string, Modal>;
  /** Which message was written under a nonce, and when. */
  readonly nonces: Map<string, { readonly messageId: string; readonly at: number }>;
  /** When old messages were edited, by channel. */
  readonly oldEdits: Map<string, readonly number[]>;
  /** Every request, in the order of arrival. */
  readonly calls: Call[];
  /** Where the lab itself can be reached: `http://127.0.0.1:PORT`. */
  origin: string;
  /** Hands an event to the gateway's sessions that want it. */
  emit(event: GatewayEvent): void;
  /** Whether a session is there, connected or about to resume. */
  heard(): boolean;
  /** How many sessions have a socket now. */
  connected(): number;
}

/** A request that came in. */
export interface Call {
  /** `POST /channels/{channel}/messages` */
  readonly route: string;
  /** After `/api/v10`. */
  readonly path: string;
  /** ms since the epoch, by the lab's clock. */
  readonly at: number;
  /** What it was answered; `undefined` while it is not, or when the connection was dropped. */
  status: number | undefined;
}

/** Something that Discord's own schema does not allow, or would silently ignore. */
export interface Violation {
  /** `wrong-request` was answered 50035; `unknown-property` is ignored by Discord; `wrong-answer` and `wrong-event` are mistakes of the lab. */
  readonly kind: 'wrong-request' | 'unknown-property' | 'wrong-answer' | 'wrong-event';
  /** `POST /channels/{channel}/messages`, `MESSAGE_CREATE` */
  readonly where: string;
  readonly problems: readonly string[];
}

export interface GatewayEvent {
  readonly name: string;
  /** The intent that a session needs, as a bit; 0 for what all get. */
  readonly intent: number;
  /** Sees the session's intents, because some fields are left empty without them. */
  readonly payload: (intents: number) => Readonly<Record<string, unknown>>;
}

export interface Application {
  /** The bot user's id too, as for every application made since 2016. */
  readonly id: string;
  readonly name: string;
  token: string;
  identifies: number;
  /** Of the commands that were newly made; the oldest fall out after a day. */
  readonly commandsMadeAt: number[];
}

export interface Guild {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
}

export interface Role {
  readonly id: string;
  readonly name: string;
  readonly position: number;
  readonly color: number;
  readonly managed: boolean;
  readonly permissions: bigint;
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly shown: string;
  readonly bot: boolean;
  readonly locale: string;
}

export interface Member {
  roles: readonly string[];
  /** Whether they let the guild's members write to them. */
  takesDirect: boolean;
}

export type Channel = TextChannel | Thread | Dm;

export interface TextChannel {
  readonly kind: 'text';
  readonly id: string;
  readonly name: string;
  readonly position: number;
  /** By the id of a role or a user. */
  readonly overwrites: Map<string, { readonly of: 'role' | 'user'; allow: bigint; deny: bigint }>;
}

export interface Thread {
  readonly kind: 'thread';
  readonly id: string;
  readonly parentId: string;
  readonly ownerId: string;
  readonly createdAt: number;
  name: string;
  archiveMinutes: number;
  archived: boolean;
  locked: boolean;
  activeAt: number;
}

export interface Dm {
  readonly kind: 'dm';
  readonly id: string;
  readonly userId: string;
}

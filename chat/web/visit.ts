import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log.ts';
import type { ChatListener } from '#chat/platform.ts';
import type { Live } from './live.ts';
import type { WebPerson } from './people.ts';
import { Refusal } from './refusal.ts';
import type { Sessions } from './session.ts';
import type { WebStore } from './store.ts';
import type { Tries } from './tries.ts';

/** What everything behind the console's addresses shares. */
export interface Room {
  readonly title: string;
  readonly channels: readonly string[];
  readonly people: readonly WebPerson[];
  readonly signIn: 'key' | 'pick';
  readonly store: WebStore;
  readonly listener: ChatListener;
  readonly live: Live;
  readonly sessions: Sessions;
  readonly tries: Tries;
  readonly clock: Clock;
  readonly log: Log;
}

/** One request. */
export interface Visit {
  readonly room: Room;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

/** A request by somebody who has signed in. */
export interface SignedVisit extends Visit {
  readonly person: WebPerson;
  /** When the session ends, ms since the epoch. */
  readonly until: number;
}

/** The channel in which a person and the bot are alone. */
export const directOf = (key: string): string => `@${key}`;

/** Who sends this, by the session token in `Authorization: Bearer …`. Throws a 401 {@link Refusal} otherwise. */
export function signed(visit: Visit): SignedVisit {
  const token = /^Bearer (\S+)$/.exec(visit.request.headers.authorization ?? '')?.[1];
  const session = token === undefined ? undefined : visit.room.sessions.read(token);
  if (!session) throw new Refusal(401, 'Sign in first: there is no session, or it has ended.');
  return { ...visit, ...session };
}

/** The channel of this name; `@ana` is between Ana and the bot alone. Throws a 404 {@link Refusal} when there is none for this person. */
export function channelOf(room: Room, name: string, person: WebPerson): string {
  if (room.channels.includes(name) || name === directOf(person.key)) return name;
  throw new Refusal(404, `There is no channel "${name}" here; there is ${room.channels.join(', ')}.`);
}

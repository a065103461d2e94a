import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from './access.ts';
import { Problem } from './problem.ts';
import type { State, Token, User } from './state.ts';

const ticketHours = 2;

/** Tickets and CSRF tokens, signed with a key of this start. */
export interface Tickets {
  issue(userid: string): { ticket: string; csrf: string };
  /** The user of a ticket that is ours and not too old. */
  open(ticket: string): string | undefined;
  csrfIsRight(userid: string, sent: string | undefined): boolean;
}

export function makeTickets(key: Buffer): Tickets {
  const signature = (text: string) => createHmac('sha256', key).update(text).digest('base64');
  const hexNow = () =>
    Math.floor(Date.now() / 1000)
      .toString(16)
      .toUpperCase()
      .padStart(8, '0');
  return {
    issue(userid) {
      const stamp = hexNow();
      const ticket = `PVE:${userid}:${stamp}::${signature(`PVE:${userid}:${stamp}`)}`;
      return { ticket, csrf: `${stamp}:${signature(`CSRF:${userid}:${stamp}`)}` };
    },
    open(ticket) {
      const match = /^(PVE:([^:]+):([0-9A-F]{8}))::(.+)$/.exec(ticket);
      if (!match?.[1] || !match[4] || !same(signature(match[1]), match[4])) return undefined;
      const age = Date.now() / 1000 - Number.parseInt(match[3] ?? '0', 16);
      return age < ticketHours * 3600 ? match[2] : undefined;
    },
    csrfIsRight(userid, sent) {
      const at = sent?.indexOf(':') ?? -1;
      if (sent === undefined || at < 0) return false;
      return same(signature(`CSRF:${userid}:${sent.slice(0, at)}`), sent.slice(at + 1));
    },
  };
}

/** Who sent this request. Throws the delayed, empty 401 with its reason; everything wrong with a token looks the same. */
export function callerOf(state: State, tickets: Tickets, method: string, headers: IncomingHttpHeaders): Caller {
  const header = /^PVEAPIToken=(.+)$/.exec(headers.authorization ?? '')?.[1];
  if (header !== undefined) return callerOfToken(state, header);
  const ticket = /(?:^|;\s*)PVEAuthCookie=([^;]+)/.exec(headers.cookie ?? '')?.[1];
  if (ticket === undefined) throw unauthorised('No ticket');
  const userid = tickets.open(decodeURIComponent(ticket));
  if (userid === undefined || !state.users.some((user) => user.userid === userid && isActive(user))) {
    throw unauthorised('Authentication failed!');
  }
  const sent = headers.csrfpreventiontoken;
  if (method !== 'GET' && !tickets.csrfIsRight(userid, Array.isArray(sent) ? sent[0] : sent)) {
    throw unauthorised('Permission denied - invalid csrf token');
  }
  return { name: userid, userid, tokenid: undefined };
}

/** Switched on, and not past its last day. */
export function isActive({ enable, expire }: User): boolean {
  return enable && (expire === 0 || expire > Date.now() / 1000);
}

function callerOfToken(state: State, header: string): Caller {
  const match = /^([^!=\s]+)!([^!=\s]+)=(.+)$/.exec(header);
  const user: User | undefined = state.users.find((candidate) => candidate.userid === match?.[1]);
  const token: Token | undefined = user?.tokens.find((candidate) => candidate.tokenid === match?.[2]);
  const expired = token !== undefined && token.expire > 0 && token.expire < Date.now() / 1000;
  if (!user || !isActive(user) || !token || expired || !same(token.secret, match?.[3] ?? ''))
    throw unauthorised('Authentication failed!');
  return { name: `${user.userid}!${token.tokenid}`, userid: user.userid, tokenid: token.tokenid };
}

function unauthorised(reason: string): Problem {
  return new Problem(401, reason, { form: 'empty', delayed: true });
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

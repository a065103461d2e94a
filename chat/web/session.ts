import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '#base/clock.ts';
import { ms } from '#base/duration.ts';
import type { WebPerson } from './people.ts';

export interface Sessions {
  /** A token with which the bearer acts as this person, and when it ends (ms since the epoch). */
  open(person: WebPerson): { readonly token: string; readonly until: number };
  /** Whose token this is, and until when; undefined when it is none of ours, has ended, or the person's access key was changed. */
  read(token: string): { readonly person: WebPerson; readonly until: number } | undefined;
}

const length = ms('12h');
const Claim = z.object({ person: z.string(), until: z.number() });

/** Sessions that every gateway with the same secret understands; nothing of them is stored anywhere. */
export function openSessions(options: { secret: string; people: readonly WebPerson[]; clock: Clock }): Sessions {
  const { secret, people, clock } = options;
  return {
    open(person) {
      const until = clock.now() + length;
      const claim = Buffer.from(JSON.stringify({ person: person.key, until })).toString('base64url');
      return { token: `${claim}.${sign(secret, claim, person).toString('base64url')}`, until };
    },
    read(token) {
      const [text = '', signature = ''] = token.split('.');
      const claim = Claim.safeParse(parse(text));
      if (!claim.success || claim.data.until <= clock.now()) return undefined;
      const person = people.find(({ key }) => key === claim.data.person);
      if (!person) return undefined;
      const given = Buffer.from(signature, 'base64url');
      const right = sign(secret, text, person);
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      return { person, until: claim.data.until };
    },
  };
}

/** The access key is part of what is signed, so that a new key ends the old one's sessions. */
function sign(secret: string, claim: string, { accessKey = '' }: WebPerson): Buffer {
  return createHmac('sha256', secret).update(`${claim}\n${accessKey}`).digest();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    // Whatever is not JSON is no claim; the caller says so.
    return undefined;
  }
}

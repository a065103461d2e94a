import { createHash, timingSafeEqual } from 'node:crypto';
import type { Account } from '#chat/platform.ts';

/** Somebody who may use the console. */
export interface WebPerson {
  /** Their account here, and the key that rules know them by. */
  readonly key: string;
  readonly name: string;
  readonly groups: readonly string[];
  /** What they sign in with; without one they cannot where keys are asked for. */
  readonly accessKey?: string | undefined;
}

/** Who has this access key. Takes equally long whoever it is, and whether anybody has it. */
export function whoHas(people: readonly WebPerson[], accessKey: string): WebPerson | undefined {
  const given = digest(accessKey);
  let found: WebPerson | undefined;
  for (const person of people) {
    const same = timingSafeEqual(given, digest(person.accessKey ?? ''));
    if (same && person.accessKey) found = person;
  }
  return found;
}

/** What others may know of a person. */
export function calling({ key, name, groups }: WebPerson): Pick<WebPerson, 'key' | 'name' | 'groups'> {
  return { key, name, groups };
}

/** A person as the bot is told of them. */
export function accountOf({ key, name, groups }: WebPerson): Account {
  return { account: key, name, groups };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

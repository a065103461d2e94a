import { createHash, timingSafeEqual } from 'node:crypto';
import type { Person } from '#chat/platform.ts';

/** Somebody who may use the console. */
export interface WebPerson extends Person {
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
export function calling({ key, name, groups }: Person): Person {
  return { key, name, groups };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

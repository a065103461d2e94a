import { randomInt } from 'node:crypto';
import type { Redis } from 'ioredis';
import { UserError } from '#base/errors.ts';
import type { Person, Place } from '#chat/platform.ts';
import { gated } from '#jobs/engine/redis.ts';
import type { People } from '../people.ts';

/** Somebody, and where they can be told. */
export interface Side {
  readonly person: Person;
  readonly place: Place | undefined;
}

/** Codes with which accounts become one person: made by one side, typed by the other, confirmed by the first. */
export interface Links {
  /** A code, good for ten minutes and once. */
  offer(maker: Side): Promise<string>;
  /**
   * Who made a code, and who typed it. Throws a `UserError` when nobody made it, it is too old, or `by` tried too many that
   * nobody made.
   */
  read(code: string, by: Person): Promise<{ readonly maker: Side; readonly claim?: Side | undefined }>;
  /** Notes that this account typed the code. Answers who made it. */
  claim(code: string, by: Side): Promise<Side>;
  /** Joins the account that typed it to `by`, who must have made it. Answers the joined person, and whom to tell. */
  confirm(code: string, by: Person): Promise<{ readonly joined: Person; readonly claim: Side }>;
}

const codeS = 600;
const mostGuesses = 5;
const guessesS = 3600;

export function openLinks(redis: Redis, prefix: string, people: Pick<People, 'join'>): Links {
  const made = (text: string) => `${prefix}:people:code:${text.toUpperCase()}`;
  const claimed = (text: string) => `${made(text)}:claim`;
  const guesses = ({ account }: Person) => `${prefix}:people:guesses:${account}`;

  async function find(code: string): Promise<Side | undefined> {
    const text = await gated(redis, () => redis.get(made(code)));
    return text === null ? undefined : (JSON.parse(text) as Side);
  }

  async function read(code: string, by: Person) {
    const before = Number(await gated(redis, () => redis.get(guesses(by))));
    if (before >= mostGuesses) {
      throw new UserError(`${by.name}, these were ${before} codes that nobody made. Wait an hour before the next.`);
    }
    const maker = await find(code);
    if (!maker) {
      await gated(redis, () => redis.multi().incr(guesses(by)).expire(guesses(by), guessesS).exec());
      throw new UserError(`The code "${code}" is unknown, used or older than ten minutes.`, {
        hint: 'Type /me link where you are known already, and then the code here.',
      });
    }
    const claim = await gated(redis, () => redis.get(claimed(code)));
    return { maker, claim: claim === null ? undefined : (JSON.parse(claim) as Side) };
  }

  return {
    read,
    async offer(maker) {
      const text = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('');
      await gated(redis, () => redis.set(made(text), JSON.stringify(maker), 'EX', codeS));
      return text;
    },
    async claim(code, by) {
      const { maker, claim } = await read(code, by.person);
      if (claim && claim.person.account !== by.person.account) {
        throw new UserError('Another account typed this code before.', { hint: 'Make a new one with /me link.' });
      }
      await gated(redis, () => redis.set(claimed(code), JSON.stringify(by), 'EX', codeS, 'NX'));
      return maker;
    },
    async confirm(code, by) {
      const { maker, claim } = await read(code, by);
      if (maker.person.key !== by.key) throw new UserError('Somebody else made this code, and has to confirm it.');
      if (!claim) throw new UserError('Nobody has typed this code yet.');
      if ((await gated(redis, () => redis.del(made(code)))) === 0) throw new UserError('The code was used just now.');
      await gated(redis, () => redis.del(claimed(code)));
      return { joined: await people.join(by, claim.person), claim };
    },
  };
}

/** Without those that look alike. */
const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

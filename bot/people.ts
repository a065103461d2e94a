import type { Redis } from 'ioredis';
import { UserError } from '#base/errors.ts';
import type { Account, Person } from '#chat/platform.ts';
import { gated } from '#jobs/engine/redis.ts';
import { namedGroups } from '#policy/roster.ts';
import type { Config } from './config.ts';

/** Who is who: one human may have an account on each platform, and acts, votes and is counted as one. */
export interface People {
  /** The person behind an account, with the groups that the configuration gives them, and those of all their accounts. */
  whoIs(account: Account): Promise<Person>;
  /** Somebody who did something earlier, with the groups that they are in now. */
  personOf(person: { readonly key: string; readonly name: string }): Promise<Person>;
  /** Every name this person acted under: their key and their accounts. */
  namesOf(key: string): Promise<readonly string[]>;
  /** The account of a person on a platform; undefined when none is known. */
  accountOn(platform: string, key: string): Promise<string | undefined>;
  /** Joins accounts that are two people so far. Throws a `UserError` when both are known to be different ones. */
  join(owner: Person, account: Person): Promise<Person>;
  /** Makes the account stand for itself again. */
  unlink(account: Person): Promise<void>;
}

/** Links stand in Redis; those in the configuration (`people: accounts:`) count before them and cannot be undone by a command. */
export function openPeople(
  redis: Redis,
  prefix: string,
  config: Pick<Config, 'people' | 'groups' | 'rules'>,
  groupsOf: (account: string) => Promise<readonly string[]>,
  outsideOf: (account: string) => Promise<string | undefined>,
): People {
  const keyOf = `${prefix}:people:key-of`;
  const accountsOf = (key: string) => `${prefix}:people:accounts-of:${key}`;
  const written = new Map(config.people.flatMap(({ key, accounts }) => accounts.map((account) => [account, key])));
  const known = new Map(config.people.map((person) => [person.key, person]));
  const naming = namedGroups(config);

  const keyBehind = async (account: string) =>
    written.get(account) ??
    (known.has(account) ? account : ((await gated(redis, () => redis.hget(keyOf, account))) ?? account));

  async function whoIs(account: Account): Promise<Person> {
    // Most people stand for themselves, so that is asked at once: whoever acts waits for this.
    const [key, ofItself] = await Promise.all([keyBehind(account.account), linkedTo(account.account)]);
    const own = known.get(key);
    const names = allNames(key, key === account.account ? ofItself : await linkedTo(key));
    const others = names.filter((name) => name !== account.account && name.includes(':'));
    const elsewhere = await Promise.all(others.map(groupsOf));
    const groups = allGroups(
      [...account.groups, ...(own?.groups ?? []), ...elsewhere.flat()],
      [...names, account.account],
    );
    const isKnown = own !== undefined || groups.some((group) => naming.has(group));
    // Only who is named with this very account is let in from outside.
    const isNamed = written.has(account.account) || naming.has(account.account);
    const { outside, guest = false } = account;
    return {
      ...{ key, account: account.account, name: own?.name ?? account.name, groups, known: isKnown },
      ...(outside === undefined || isNamed || (guest && isKnown) ? {} : { outside }),
    };
  }

  /** With the groups of the configuration that are made of these, and those that are made of them in turn. */
  function allGroups(given: readonly string[], names: readonly string[]): string[] {
    const groups = new Set(given);
    for (let before = -1; before !== groups.size; ) {
      before = groups.size;
      for (const [group, members] of Object.entries(config.groups)) {
        if (members.some((member) => groups.has(member) || names.includes(member))) groups.add(group);
      }
    }
    return [...groups];
  }

  async function personOf({ key, name }: { readonly key: string; readonly name: string }): Promise<Person> {
    const names = await namesOf(key);
    const account = names.find((one) => one.includes(':')) ?? key;
    const onPlatform = account.includes(':');
    // Whom the configuration names by a key is who they are wherever they are; of others their platform knows.
    const [groups, outside] = await Promise.all([
      onPlatform ? groupsOf(account) : [],
      onPlatform && !known.has(key) ? outsideOf(account) : undefined,
    ]);
    return { ...(await whoIs({ account, name, groups, ...(outside === undefined ? {} : { outside }) })), key };
  }

  const linkedTo = (key: string) => gated(redis, () => redis.smembers(accountsOf(key)));
  const allNames = (key: string, linked: readonly string[]) => [
    ...new Set([key, ...(known.get(key)?.accounts ?? []), ...linked]),
  ];
  const namesOf = async (key: string) => allNames(key, await linkedTo(key));

  return {
    whoIs,
    personOf,
    namesOf,
    async accountOn(platform, key) {
      const names = await namesOf(key);
      return names.find((name) => (platform === 'web' ? known.has(name) : name.startsWith(`${platform}:`)));
    },
    async join(owner, account) {
      const [first, second] = [await keyBehind(owner.account), await keyBehind(account.account)];
      if (first === second) throw new UserError(`${account.account} and ${owner.account} are one person already.`);
      if (known.has(first) && known.has(second)) {
        throw new UserError(`${first} and ${second} are two people in the configuration, so they can't be joined.`);
      }
      // One that the configuration knows keeps its key: rules name it.
      const [key, joined] = known.has(second) ? [second, first] : [first, second];
      const names = await namesOf(joined);
      await gated(redis, async () => {
        await redis.hset(
          keyOf,
          Object.fromEntries([...names, owner.account, account.account].map((name) => [name, key])),
        );
        await redis.sadd(accountsOf(key), ...names, owner.account, account.account);
      });
      return whoIs(account);
    },
    async unlink(person) {
      if (written.has(person.account) || known.has(person.account)) {
        throw new UserError(
          `The configuration says that ${person.account} is ${person.name}; only it can say otherwise.`,
          {
            hint: 'Whoever runs the bot can change people: there.',
          },
        );
      }
      await gated(redis, () => redis.hdel(keyOf, person.account));
      await gated(redis, () => redis.srem(accountsOf(person.key), person.account));
    },
  };
}

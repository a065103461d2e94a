import type { Option } from '../command.ts';
import { showPartialMember, showUser } from '../show/user.ts';
import type { World } from '../world.ts';
import type { Entry } from './menu.ts';
import { ClientRefusal } from './refusal.ts';
import type { Values } from './typed.ts';

/** The kinds of options that the lab's people can fill in. */
const kinds = { text: 3, whole: 4, flag: 5, user: 6, number: 10 } as const;

/** An interaction's `data` for a command that was picked. `focused`: the option at which the person still types, for suggestions. */
export function commandData(
  world: World,
  entry: Entry,
  values: Values,
  focused?: string,
): Readonly<Record<string, unknown>> {
  const unknown = Object.keys(values).find((name) => !entry.options.some((option) => option.name === name));
  if (unknown !== undefined) throw new ClientRefusal(`/${entry.name} has no option ${unknown}.`);
  const users: string[] = [];
  const leaf = entry.options.flatMap((option) => {
    const given = values[option.name];
    if (given === undefined) {
      if (option.required && focused === undefined) throw new ClientRefusal(`${option.name}: This option is required.`);
      return [];
    }
    const value = focused === option.name ? given : sentValue(world, option, given);
    if (option.type === kinds.user) users.push(String(value));
    return [{ type: option.type, name: option.name, value, ...(focused === option.name ? { focused: true } : {}) }];
  });
  const options = entry.below.reduceRight<unknown[]>((inner, { type, name }) => [{ type, name, options: inner }], leaf);
  return {
    id: entry.command.id,
    name: entry.command.name,
    type: 1,
    ...(entry.command.guildId === undefined ? {} : { guild_id: entry.command.guildId }),
    ...(options.length === 0 ? {} : { options }),
    ...(users.length === 0 ? {} : { resolved: resolvedUsers(world, users) }),
  };
}

/** A value as it is sent, or why the client refuses it. */
function sentValue(world: World, option: Option, given: string | number | boolean): string | number | boolean {
  const refuse = (why: string) => new ClientRefusal(`${option.name}:${given}: ${why}`);
  if (option.choices) {
    const choice = option.choices.find(({ name, value }) => name === given || String(value) === String(given));
    if (!choice) throw refuse(`This is not one of ${option.choices.map(({ name }) => name).join(', ')}.`);
    return choice.value;
  }
  switch (option.type) {
    case kinds.text: {
      const text = String(given);
      if (text.length < (option.min_length ?? 0) || text.length > (option.max_length ?? 6_000)) {
        throw refuse('The text is too short or too long.');
      }
      return text;
    }
    case kinds.whole:
    case kinds.number: {
      const number = Number(given);
      if (String(given).trim() === '' || Number.isNaN(number)) throw refuse('Enter a number.');
      if (option.type === kinds.whole && !Number.isInteger(number)) throw refuse('Enter a whole number.');
      if (number < (option.min_value ?? -(2 ** 53))) throw refuse(`The least is ${option.min_value}.`);
      if (number > (option.max_value ?? 2 ** 53)) throw refuse(`The most is ${option.max_value}.`);
      return number;
    }
    case kinds.flag: {
      const word = String(given).toLowerCase();
      if (word !== 'true' && word !== 'false') throw refuse('Pick True or False.');
      return word === 'true';
    }
    case kinds.user: {
      const name = String(given).replace(/^@/, '');
      const user = [...world.users.values()].find((one) => one.name === name || one.id === name);
      if (!user) throw refuse('There is no such user.');
      return user.id;
    }
    default:
      throw refuse('The lab knows texts, numbers, flags and users as options.');
  }
}

function resolvedUsers(world: World, ids: readonly string[]): Readonly<Record<string, unknown>> {
  const users = ids.flatMap((id) => world.users.get(id) ?? []);
  return {
    users: Object.fromEntries(users.map((user) => [user.id, showUser(user)])),
    members: Object.fromEntries(users.map(({ id }) => [id, showPartialMember(world, id)])),
  };
}

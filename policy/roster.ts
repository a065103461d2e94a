import type { Rule } from './rules.ts';

/** Whom the configuration names, and how. */
export interface Roster {
  readonly people: readonly {
    readonly key: string;
    readonly groups: readonly string[];
    readonly accounts: readonly string[];
  }[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly rules: readonly Rule[];
  readonly everybody: 'read' | 'change';
  /** The chat platforms besides the console: `slack`, `discord`. */
  readonly platforms: readonly string[];
}

/** Some people by their keys; `more`: others too, whose number only a platform knows. */
export interface Crowd {
  readonly keys: ReadonlySet<string>;
  readonly more: boolean;
}

/** `slack:T012AB3CD:U0ANA` or `discord:900000000000000010`; anything else behind a platform is one of its groups. */
export function isAccount(text: string): boolean {
  return /^slack:[^:\s]+:[^:\s]+$/.test(text) || /^discord:\d+$/.test(text);
}

/** `slack:ops`: a group that a platform keeps. */
export function isPlatformGroup(text: string): boolean {
  return /^(slack|discord):\S/.test(text) && !isAccount(text);
}

/** Every name that makes whoever is in it known: the groups of rules and of `groups`, with all that these are made of. */
export function namedGroups({ groups, rules }: Pick<Roster, 'groups' | 'rules'>): ReadonlySet<string> {
  const inRules = rules.flatMap(({ allow = [], approval }) => [
    ...allow,
    ...(typeof approval === 'object' ? approval.by : []),
  ]);
  return new Set([...Object.keys(groups), ...Object.values(groups).flat(), ...inRules]);
}

/** Who is in a group, as far as the configuration says. A group of a platform that is not connected has nobody in it. */
export function membersOf(roster: Roster, group: string, seen: ReadonlySet<string> = new Set()): Crowd {
  if (seen.has(group)) return nobody;
  const within = new Set([...seen, group]);
  const own = roster.people.filter(({ groups }) => groups.includes(group)).map(({ key }) => key);
  const made = (Object.hasOwn(roster.groups, group) ? roster.groups[group] : undefined) ?? [];
  const parts = made.map((member) => behind(roster, member) ?? membersOf(roster, member, within));
  const more = isPlatformGroup(group) && roster.platforms.includes(group.split(':')[0] ?? '');
  return together([{ keys: new Set(own), more }, ...parts]);
}

/** Everybody whom the configuration lets change things where no rule names a group. */
export function changers(roster: Roster): Crowd {
  const named = [...namedGroups(roster), ...roster.people.flatMap(({ groups }) => groups)];
  return together([
    { keys: new Set(roster.people.map(({ key }) => key)), more: roster.everybody === 'change' },
    ...named.map((one) => behind(roster, one) ?? { ...nobody, more: isPlatformGroup(one) }),
  ]);
}

/**
 * The key of the one person who can change anything at all. Undefined when there are none or more: each group that a
 * platform keeps counts as more than one, whether or not its members can be read, and so does `everybody: change`.
 */
export function onlyOne(roster: Roster): string | undefined {
  const { keys, more } = changers(roster);
  const [key] = keys;
  return keys.size === 1 && !more ? key : undefined;
}

/** Whoever a key or an account stands for. */
function behind({ people }: Roster, name: string): Crowd | undefined {
  const person = people.find(({ key, accounts }) => key === name || accounts.includes(name));
  const key = person?.key ?? (isAccount(name) ? name : undefined);
  return key === undefined ? undefined : { keys: new Set([key]), more: false };
}

const nobody: Crowd = { keys: new Set(), more: false };

function together(crowds: readonly Crowd[]): Crowd {
  return { keys: new Set(crowds.flatMap(({ keys }) => [...keys])), more: crowds.some(({ more }) => more) };
}

import { ms } from '#base/duration.ts';
import { knownOnes, suggest } from '#base/suggest.ts';
import type { CommandKind } from './principal.ts';
import { type Crowd, changers, isAccount, isPlatformGroup, membersOf, onlyOne, type Roster } from './roster.ts';
import { approvalOf, canAsk, fits, type Rule } from './rules.ts';

/** Something that can't be meant, with its place in the file. */
export interface Complaint {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What makes a configuration unusable: patterns that fit no command, groups that nobody can be in, lengths of time that are none. */
export function complaintsAbout(roster: Roster, commands: readonly CommandKind[]): Complaint[] {
  const inRules = roster.rules.flatMap((rule, at) => ruleComplaints(roster, rule, commands).map(under('rules', at)));
  const inGroups = Object.entries(roster.groups).flatMap(([group, members]) =>
    members.flatMap((member, at): Complaint[] => {
      if (canBeMember(roster, group, member)) return [];
      const known = knownOnes(member, [...roster.people.map(({ key }) => key), ...groupNames(roster)]);
      const message = `"${member}" is no person, account or group. ${known} Others are written slack:ops, discord:Ops or slack:T012AB3CD:U0ANA`;
      return [{ path: ['groups', group, at], message }];
    }),
  );
  return [...inRules, ...inGroups];
}

function ruleComplaints(roster: Roster, rule: Rule, commands: readonly CommandKind[]): Complaint[] {
  const { approval, allow = [] } = rule;
  const asks = typeof approval === 'object' ? approval : undefined;
  const patterns = rule.commands.flatMap((pattern, at): Complaint[] => {
    const about = commands.filter((command) => fits(pattern, command));
    const path = ['commands', at];
    if (about.length === 0) return [{ path, message: `"${pattern}" fits no command. ${meant(pattern, commands)}` }];
    if (pattern === '*' || asks === undefined || about.some(canAsk)) return [];
    return [{ path, message: `"${pattern}" changes nothing that somebody could approve; take approval away` }];
  });
  const groups = [
    ...allow.map((group, at) => ({ group, path: ['allow', at] })),
    ...(asks?.by ?? []).map((group, at) => ({ group, path: ['approval', 'by', at] })),
  ].flatMap(({ group, path }): Complaint[] => {
    const { keys, more } = membersOf(roster, group);
    if (more || keys.size > 0) return [];
    const away = isPlatformGroup(group) ? ` ${group.split(':')[0]} is not connected.` : '';
    return [{ path, message: `nobody can be in "${group}".${away} ${knownOnes(group, groupNames(roster))}` }];
  });
  return [...patterns, ...groups, ...(asks ? expiryComplaints(asks.expires) : [])];
}

function expiryComplaints(expires: string): Complaint[] {
  const path = ['approval', 'expires'];
  try {
    return ms(expires) >= 1000
      ? []
      : [{ path, message: `"${expires}" is too short to decide in; write for example 1h` }];
  } catch {
    // What `ms` says of the text is said here with an example that fits.
    return [{ path, message: `"${expires}" is not a length of time; write for example 30m or 1h` }];
  }
}

/** What probably works but hardly as meant, or leaves nobody who could do it. Whole sentences. */
export function warningsAbout(roster: Roster, commands: readonly CommandKind[]): string[] {
  const everybody = changers(roster);
  if (everybody.keys.size === 0 && !everybody.more) return [nobodyChanges];
  return roster.rules.flatMap((rule, at) => [
    ...shadows(roster.rules, at, commands),
    ...dead(roster, rule, at, commands),
  ]);
}

const nobodyChanges =
  'Nobody may change anything: the configuration names no person and no group. Write who may below people: or groups:, ' +
  'or everybody: change for everybody of your own workspace and server (docs/configuration.md).';

function shadows(rules: readonly Rule[], at: number, commands: readonly CommandKind[]): string[] {
  const before = rules.slice(0, at);
  return (rules[at]?.commands ?? []).flatMap((pattern) => {
    const about = commands.filter((command) => fits(pattern, command));
    const first = about.map((command) => before.findIndex((rule) => rule.commands.some((one) => fits(one, command))));
    if (first.length === 0 || first.includes(-1)) return [];
    const by = [...new Set(first)].map((index) => index + 1).join(' and ');
    return [`Rule ${at + 1} never counts for "${pattern}": rule ${by} stands before it and fits first. Put it above.`];
  });
}

function dead(roster: Roster, rule: Rule, at: number, commands: readonly CommandKind[]): string[] {
  const about = commands.find(
    (command) => approvalOf([rule], command) && rule.commands.some((one) => fits(one, command)),
  );
  const approval = about && approvalOf([rule], about);
  if (!approval) return [];
  const all = changers(roster);
  const askers = rule.allow ? several(roster, rule.allow) : all;
  const voters = approval.groups.length > 0 ? several(roster, approval.groups) : all;
  const alone = onlyOne(roster);
  if (voters.more || (alone !== undefined && voters.keys.has(alone))) return [];
  const left = (asker?: string) => [...voters.keys].filter((key) => approval.selfOk || key !== asker).length;
  const best = Math.max(...(askers.more || askers.keys.size === 0 ? [left()] : [...askers.keys].map(left)));
  if (best >= approval.need) return [];
  const who = approval.groups.length > 0 ? ` of ${approval.groups.join(' or ')}` : '';
  const count = `${approval.need} ${approval.need === 1 ? 'person' : 'people'}${who}${approval.selfOk ? '' : ' besides the asker'}`;
  return [`Nobody can satisfy rule ${at + 1}: it needs a yes of ${count}, and the configuration names ${best}.`];
}

function several(roster: Roster, groups: readonly string[]): Crowd {
  const crowds = groups.map((group) => membersOf(roster, group));
  return { keys: new Set(crowds.flatMap(({ keys }) => [...keys])), more: crowds.some(({ more }) => more) };
}

function meant(pattern: string, commands: readonly CommandKind[]): string {
  const bare = pattern.replace(/^\//, '');
  const nouns = [...new Set(commands.map(({ path }) => path.split(' ')[0] ?? ''))];
  const known = ['*', 'risk:read', 'risk:change', 'risk:destroy', ...commands.map(({ path }) => path)];
  const near = suggest(bare, [...known, ...nouns.map((noun) => `${noun} *`)]);
  return near === undefined ? 'Write for example vm destroy, vm *, risk:change or *' : `Did you mean "${near}"?`;
}

function groupNames({ groups, people }: Roster): string[] {
  return [...new Set([...Object.keys(groups), ...people.flatMap((person) => person.groups)])];
}

function canBeMember(roster: Roster, group: string, member: string): boolean {
  if (isAccount(member) || isPlatformGroup(member)) return true;
  const { people } = roster;
  return people.some(({ key }) => key === member) || (member !== group && groupNames(roster).includes(member));
}

function under(...path: (string | number)[]) {
  return (complaint: Complaint): Complaint => ({ ...complaint, path: [...path, ...complaint.path] });
}

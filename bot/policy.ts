import { commands } from '#commands/table.ts';
import type { Policy } from '#policy/authorize.ts';
import { type Complaint, complaintsAbout, warningsAbout } from '#policy/lint.ts';
import { onlyOne, type Roster } from '#policy/roster.ts';

type Named = Pick<Roster, 'people' | 'groups' | 'rules' | 'everybody'> & {
  readonly slack?: unknown;
  readonly discord?: unknown;
};

/** What the configuration says of who may do what. */
export function policyOf(config: Named): Policy {
  const { rules, everybody } = config;
  return { rules, everybody, onlyOne: onlyOne(rosterOf(config)) };
}

/** What is probably not meant so in the rules, and that nobody may change anything when that is so. Whole sentences. */
export function policyWarnings(config: Named): readonly string[] {
  return warningsAbout(rosterOf(config), commands);
}

/** Rules and groups that can't be meant. */
export function policyComplaints(config: Omit<Named, 'everybody'>): readonly Complaint[] {
  return complaintsAbout(rosterOf({ ...config, everybody: 'read' }), commands);
}

function rosterOf(config: Named): Roster {
  const { people, groups, rules, everybody } = config;
  const platforms = (['slack', 'discord'] as const).filter((platform) => config[platform] !== undefined);
  return { people, groups, rules, everybody, platforms };
}

import type { z } from 'zod';
import { commands } from '#commands/table.ts';
import type { Policy } from '#policy/authorize.ts';
import { complaintsAbout, warningsAbout } from '#policy/lint.ts';
import { onlyOne, type Roster } from '#policy/roster.ts';
import type { Config } from './config.ts';

type Named = Pick<Config, 'people' | 'groups' | 'rules' | 'everybody'> & {
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

/** Complains about rules and groups that can't be meant. */
export function checkPolicy(config: Named, context: z.RefinementCtx): void {
  for (const { path, message } of complaintsAbout(rosterOf(config), commands)) {
    context.addIssue({ code: 'custom', path: [...path], message });
  }
}

function rosterOf(config: Named): Roster {
  const { people, groups, rules, everybody } = config;
  const platforms = (['slack', 'discord'] as const).filter((platform) => config[platform] !== undefined);
  return { people, groups, rules, everybody, platforms };
}

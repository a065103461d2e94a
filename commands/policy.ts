import { z } from 'zod';
import { ms } from '#base/duration.ts';
import { UserError } from '#base/errors.ts';
import type { Person } from '#chat/platform.ts';
import type { ApprovalRule } from '#jobs/engine/run.ts';
import type { Command } from './command.ts';

/** Who may do what, and what needs a second person. The first rule that fits a command counts. */
export const Rule = z.strictObject({
  /** `vm destroy`, `vm *`, `*`; or a risk: `risk:destroy`. */
  commands: z.array(z.string()).min(1),
  /** Groups that may use it; left out: everybody. */
  allow: z.array(z.string()).optional(),
  approval: z
    .strictObject({
      need: z.int().min(1).default(1),
      /** Groups whose members may approve; left out: everybody. */
      by: z.array(z.string()).default([]),
      /** Whether the one who asks may approve too. */
      selfOk: z.boolean().default(false),
      expires: z.string().default('1h'),
    })
    .optional(),
});
export type Rule = z.infer<typeof Rule>;
export type Rules = readonly Rule[];

/** Without rules of one's own: everybody may do everything, and whatever destroys needs a second person. */
export const defaultRules: Rules = [
  { commands: ['risk:destroy'], approval: { need: 1, by: [], selfOk: false, expires: '1h' } },
];

/** Whether this person may use the command (throws a `UserError` when not), and the approval it needs. */
export function judge(rules: Rules, command: Command, by: Pick<Person, 'name' | 'groups'>): ApprovalRule | undefined {
  const rule = rules.find(({ commands }) => commands.some((pattern) => fits(pattern, command)));
  if (!rule) return undefined;
  if (rule.allow && !rule.allow.some((group) => by.groups.includes(group))) {
    throw new UserError(`${by.name}, you may not use /${command.path}: it is for ${rule.allow.join(', ')}.`, {
      hint: 'Ask one of them to type it.',
    });
  }
  if (!rule.approval) return undefined;
  const { need, by: groups, selfOk, expires } = rule.approval;
  return { need, groups, selfOk, expiresMs: ms(expires) };
}

function fits(pattern: string, command: Command): boolean {
  if (pattern === '*') return true;
  if (pattern.startsWith('risk:')) return command.risk === pattern.slice('risk:'.length);
  return pattern.endsWith(' *') ? command.path.startsWith(pattern.slice(0, -1)) : command.path === pattern;
}

import { z } from 'zod';
import { ms } from '#base/duration.ts';
import type { Approval, CommandKind } from './principal.ts';
import { Limits } from './quotas.ts';

/** Who is asked before a command is carried out. */
const Asking = z.strictObject({
  need: z.int().min(1).default(1),
  /** Groups whose members may approve; left out: everybody who may change things. */
  by: z.array(z.string()).default([]),
  /** Whether the one who asks may approve too. */
  selfOk: z.boolean().default(false),
  expires: z.string().default('1h'),
});

/** Who may use which commands, and what needs a second person. */
export const Rule = z.strictObject({
  /** `vm destroy`, `vm *`, `*`; or a risk: `risk:destroy`. */
  commands: z.array(z.string()).min(1),
  /** Groups that may use it; left out: everybody who may change things, or look, as the command does. */
  allow: z.array(z.string()).optional(),
  /** Left out: what destroys asks a second person, anything else nobody. `none`: nobody is asked. */
  approval: z
    .union([z.literal('none'), Asking], {
      error: 'must be none, or who is asked: { need: 1, by: [ops], selfOk: false, expires: 1h }',
    })
    .optional(),
});
export type Rule = z.infer<typeof Rule>;

/** The part of the configuration that says who may do what. */
export const policyShape = {
  rules: z.array(Rule).default([]),
  /** What people of an own workspace or server may do whom nothing in the configuration names. */
  everybody: z.enum(['read', 'change']).default('read'),
  /** How much one person may ask for. */
  limits: Limits.prefault({}),
} as const;

/** Without a rule that says otherwise, whatever destroys needs one other person. */
const usual: Approval = { need: 1, groups: [], selfOk: false, expiresMs: ms('1h') };

/** The first rule that fits a command. */
export function ruleFor(rules: readonly Rule[], command: CommandKind): Rule | undefined {
  return rules.find(({ commands }) => commands.some((pattern) => fits(pattern, command)));
}

/** What has to be approved before the command is carried out, and by whom; undefined when nothing has. */
export function approvalOf(rules: readonly Rule[], command: CommandKind): Approval | undefined {
  const { approval } = ruleFor(rules, command) ?? {};
  if (approval === 'none' || !canAsk(command)) return undefined;
  if (approval === undefined) return command.risk === 'destroy' ? usual : undefined;
  const { need, by: groups, selfOk, expires } = approval;
  return { need, groups, selfOk, expiresMs: ms(expires) };
}

/** Whether anybody can be asked before the command is carried out. */
export function canAsk({ risk, answers = false }: CommandKind): boolean {
  return risk !== 'read' && !answers;
}

/** Whether a pattern of a rule is about this command. */
export function fits(pattern: string, { path, risk }: CommandKind): boolean {
  if (pattern === '*') return true;
  if (pattern.startsWith('risk:')) return risk === pattern.slice('risk:'.length);
  return pattern.endsWith(' *') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

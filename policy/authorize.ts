import { UserError } from '#base/errors.ts';
import { introduction } from './introduction.ts';
import type { Approval, CommandKind, Principal } from './principal.ts';
import { approvalOf, type Rule, ruleFor } from './rules.ts';
import { stricter } from './stricter.ts';

/** What the configuration says of who may do what. */
export interface Policy {
  readonly rules: readonly Rule[];
  readonly everybody: 'read' | 'change';
  /** The key of the only person who can change anything (`onlyOne`); undefined when there are none or more. */
  readonly onlyOne: string | undefined;
}

/** What can be done to a job. */
export type RunVerb = 'cancel' | 'retry' | 'roll back' | 'keep';

/**
 * What somebody wants to do:
 * - `command`: use it, however it was said; `also` are others whose work it does besides
 * - `join`: type the code of somebody who wants this account to be theirs
 * - a {@link RunVerb}: do that to the job that is the subject
 * - `vote`: decide the question of the job that is the subject
 */
export type Action =
  | { readonly kind: 'command'; readonly command: CommandKind; readonly also?: readonly CommandKind[] }
  | { readonly kind: 'join' }
  | { readonly kind: RunVerb; readonly command: CommandKind }
  | Voting;

interface Voting {
  readonly kind: 'vote';
  readonly yes: boolean;
  /** They typed the name of what it is about. */
  readonly typedName?: boolean;
  /** Whoever asked, as they are now. */
  readonly asker: Principal;
  readonly question: Approval;
}

/** The job that an action is about. */
export interface Subject {
  readonly run: string;
  /** The command that started it. */
  readonly command: CommandKind;
  /** Others whose work it does besides. */
  readonly also?: readonly CommandKind[];
  /** Its plan stays, and people said yes to it. */
  readonly approved: boolean;
}

declare const granted: unique symbol;

/** A right to do one thing, which only {@link authorize} gives. Whatever changes something wants to see it. */
export interface Grant {
  readonly [granted]: true;
  readonly action: Action;
  readonly principal: Pick<Principal, 'key' | 'name' | 'groups'>;
  /** The job that it is about. */
  readonly run?: string | undefined;
  /** Who has to say yes before it is done. */
  readonly approval?: Approval | undefined;
}

/** Somebody may not do something. */
export class Denied extends UserError {}

/** Part of the bot itself that acts by a clock, and what it may do. */
const controllers: Readonly<Record<string, readonly Action['kind'][]>> = { 'kept jobs': ['roll back'] };

/**
 * Whether somebody may do something; the only way to a {@link Grant}. Throws a {@link Denied} that says why not, and what
 * whoever runs the bot can write to allow it.
 */
export function authorize(policy: Policy, action: Action, principal: Principal, subject?: Subject): Grant {
  if (principal.outside !== undefined) {
    throw new Denied(`${principal.name}, ${principal.outside}, so I do nothing for you.`, introduction(principal));
  }
  const approval = approvalFor(policy, action, principal, subject);
  const { key, name, groups } = principal;
  return grant({ action, principal: { key, name, groups }, run: subject?.run, approval });
}

/** The same for a part of the bot itself. Throws a {@link Denied} for what it has no business with. */
export function authorizeController(action: Action, controller: string, subject: Subject): Grant {
  if (!controllers[controller]?.includes(action.kind)) throw new Denied(`${controller} may not ${action.kind}.`);
  return grant({ action, principal: { key: 'botswain', name: 'Botswain', groups: [] }, run: subject.run });
}

const grant = (given: Omit<Grant, typeof granted>): Grant => given as Grant;

function approvalFor(
  policy: Policy,
  action: Action,
  principal: Principal,
  subject: Subject | undefined,
): Approval | undefined {
  const { rules } = policy;
  // How one becomes known; the code itself is the proof, and whoever made it confirms.
  if (action.kind === 'join') return undefined;
  if (action.kind === 'command') {
    return asked(policy, approvalOfAll(policy, [action.command, ...(action.also ?? [])], principal), principal);
  }
  if (!subject) throw new Error(`${action.kind} is about no job`);
  if (action.kind === 'vote') return void mayVote(policy, action, principal, subject);
  const { command, also = [] } = subject;
  mayUse(policy, action.command, principal);
  const needed = approvalOfAll(policy, [command, ...also], principal);
  return asked(policy, stricter(anew(), approvalOf(rules, action.command)), principal);

  /** Taking back is as weighty as doing. What is stopped or kept must not have to wait for anybody. */
  function anew(): Approval | undefined {
    if (action.kind === 'roll back') return needed;
    return action.kind === 'retry' && (command.risk === 'destroy' || !subject?.approved) ? needed : undefined;
  }
}

/** What has to be approved before all of these are carried out. Throws a {@link Denied} when one of them may not be used. */
function approvalOfAll(policy: Policy, commands: readonly CommandKind[], principal: Principal): Approval | undefined {
  for (const command of commands) mayUse(policy, command, principal);
  return commands.map((command) => approvalOf(policy.rules, command)).reduce(stricter);
}

function mayUse({ rules, everybody }: Policy, command: CommandKind, principal: Principal): void {
  const { known, name, groups } = principal;
  if (!known && command.forKnown) {
    throw new Denied(
      `${name}, /${command.path} is for people whom the configuration names, and those who joined them.`,
      introduction(principal),
    );
  }
  if (!known && command.risk !== 'read' && everybody !== 'change') {
    throw new Denied(
      `${name}, I don't know you: you may look at everything, and change nothing.`,
      introduction(principal),
    );
  }
  const { allow } = ruleFor(rules, command) ?? {};
  if (allow === undefined || allow.some((group) => groups.includes(group))) return;
  throw new Denied(`${name}, you may not use /${command.path}: it is for ${allow.join(', ')}.`, {
    hint: 'Ask one of them to type it.',
  });
}

function mayVote(
  policy: Policy,
  { yes, typedName = false, asker, question }: Voting,
  principal: Principal,
  { command }: Subject,
): void {
  const own = principal.key === asker.key;
  // Whoever asked may always take it back.
  if (own && !yes) return;
  if (!principal.known && policy.everybody !== 'change') {
    throw new Denied(`${principal.name}, I don't know you: you may look, and decide nothing.`, introduction(principal));
  }
  const { groups, typeName = false } = question;
  if (groups.length > 0 && !groups.some((group) => principal.groups.includes(group))) {
    throw new Denied('You may not approve this: it is for other groups.');
  }
  if (!yes) return;
  if (asker.outside !== undefined) {
    throw new Denied(`${asker.name}, who asked for this, is not here any more.`, { hint: 'Reject it.' });
  }
  if (typeName && policy.onlyOne !== principal.key) {
    throw new Denied('There are others who can approve now: this has to be asked for once more.');
  }
  if (typeName && !typedName) throw new Denied('This is approved by typing the name of what it is about.');
  try {
    mayUse(policy, command, asker);
  } catch (error) {
    if (!(error instanceof Denied)) throw error;
    throw new Denied(`${asker.name}, who asked for this, may not use /${command.path} any more.`, {
      hint: 'Reject it.',
    });
  }
}

/** Where nobody else is there to ask, whoever asks types a name, so that it takes more than a press. */
function asked({ onlyOne }: Policy, approval: Approval | undefined, principal: Principal): Approval | undefined {
  if (approval === undefined || approval.selfOk || onlyOne === undefined || onlyOne !== principal.key) return approval;
  const may = approval.groups.length === 0 || approval.groups.some((group) => principal.groups.includes(group));
  return may ? { ...approval, need: 1, selfOk: true, typeName: true } : approval;
}

import { UserError } from '#base/errors.ts';
import type { Person } from '#chat/platform.ts';
import type { AskState, RunRecord } from '#jobs/engine/record.ts';
import { authorize, Denied, type Grant } from '#policy/authorize.ts';
import { sentenceCard } from '../cards/sentence-card.ts';
import type { Office } from '../office.ts';
import { subjectOf } from './act.ts';
import { type Asker, later } from './whisper.ts';

export interface Said {
  readonly run: string;
  readonly revision: number;
  readonly yes: boolean;
  readonly reason?: string;
  /** What they typed where the name of what it is about was asked for. */
  readonly typed?: string;
}

/** What somebody types who has nobody to ask: the VM's name, or the job's number. */
export const nameOf = (run: RunRecord | undefined): string => run?.view?.name ?? run?.id ?? '';

/**
 * Counts a person's vote, under the name they asked or voted with before if their accounts were joined since. Tells them when it does not count. Throws a
 * `UserError` when they may not vote, or typed another name.
 */
export async function castVote(office: Office, asker: Asker, said: Said): Promise<void> {
  const { place, by } = asker;
  const { run: id, revision, yes, reason, typed } = said;
  const [run, names] = await Promise.all([office.desk.runs.read(id), office.people.namesOf(by.key)]);
  if (!run?.ask) throw new UserError('This job asks nothing any more.', { hint: '/job list' });
  if (typed !== undefined && typed.trim() !== nameOf(run)) {
    throw new UserError(`"${typed.trim()}" is not its name: type ${nameOf(run)}.`);
  }
  const grant = await mayDecide(office, by, { run: id, yes, typedName: typed !== undefined });
  const used = [run.by.key, run.retriedBy, ...run.ask.votes.map(({ key }) => key)];
  const key = names.find((name) => used.includes(name)) ?? by.key;
  const delivery = `${place.platform}:${asker.id}`;
  const gone = yes ? await goneSince(office, run, run.ask) : [];
  const vote = { delivery, revision, gone, ...(reason === undefined ? {} : { reason }) };
  const { verdict, decidedBy } = await office.changes.vote(grant, vote, key);
  const answer = answers[verdict];
  if (answer === undefined) return;
  later(office, asker, () => sentenceCard(answer.replace('{who}', decidedBy ?? 'somebody')));
}

/** The right to decide a job's question, as everybody is known now. Throws a `UserError` when there is none. */
export async function mayDecide(
  office: Office,
  by: Person,
  { run: id, yes, typedName = false }: { readonly run: string; readonly yes: boolean; readonly typedName?: boolean },
): Promise<Grant> {
  const run = await office.desk.runs.read(id);
  if (!run?.ask) throw new UserError('This job asks nothing any more.', { hint: '/job list' });
  const asker = await askerOf(office, run, by);
  const action = { kind: 'vote', yes, typedName, asker, question: run.ask.rule } as const;
  return office.authorize(action, by, subjectOf(office, run));
}

/** Whether a person's yes would count, for what is only offered: nothing of a refusal is noted. */
export async function couldApprove(office: Office, by: Person, run: RunRecord): Promise<boolean> {
  if (!run.ask) return false;
  const names = await office.people.namesOf(by.key);
  const { rule, votes } = run.ask;
  if (votes.some(({ key, yes }) => yes && names.includes(key))) return false;
  const asked = [run.by.key, run.retriedBy].some((key) => key !== undefined && names.includes(key));
  if (asked && !rule.selfOk) return false;
  const asker = await askerOf(office, run, by);
  const action = { kind: 'vote', yes: true, typedName: true, asker, question: rule } as const;
  return isGranted(() => authorize(office.policy, action, by, subjectOf(office, run)));
}

function isGranted(ask: () => Grant): boolean {
  try {
    ask();
    return true;
  } catch (error) {
    if (error instanceof Denied) return false;
    throw error;
  }
}

/** Whoever asked, who may be the one who decides under another of their names. */
async function askerOf({ people }: Office, { by: asked }: RunRecord, by: Person): Promise<Person> {
  const asker = await people.personOf(asked);
  return (await people.namesOf(by.key)).includes(asked.key) ? { ...asker, key: by.key } : asker;
}

/** Who said yes before, and may not say so any more: they left a group, or the configuration. */
async function goneSince(office: Office, run: RunRecord, ask: AskState): Promise<string[]> {
  const { people, policy } = office;
  const asker = await people.personOf(run.by);
  const checked = await Promise.all(
    ask.votes.map(async ({ key, name, yes }) => {
      const action = { kind: 'vote', yes, typedName: true, asker, question: ask.rule } as const;
      const voter = await people.personOf({ key, name });
      return isGranted(() => authorize(policy, action, voter, subjectOf(office, run))) ? [] : [key];
    }),
  );
  return checked.flat();
}

/** What a vote is told; those that count change the card, which says enough. */
const answers: Readonly<Record<string, string | undefined>> = {
  approved: undefined,
  counted: undefined,
  rejected: undefined,
  duplicate: undefined,
  closed: 'This was decided already, by {who}.',
  stale: 'The plan has changed since: please read the card again and decide anew.',
  forbidden: 'You may not approve this: it is for other groups.',
  self: 'You asked for this yourself, so somebody else must approve it.',
  already: 'Your vote counts already.',
  expired: 'The time to decide is over.',
};

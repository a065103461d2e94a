import { sentenceCard } from '../cards/sentence-card.ts';
import type { Office } from '../office.ts';
import { type Asker, later } from './whisper.ts';

export interface Said {
  readonly run: string;
  readonly revision: number;
  readonly yes: boolean;
  readonly reason?: string;
}

/** Counts a person's vote, under the name they asked or voted with before if their accounts were joined since. Tells them when it does not count. */
export async function castVote(office: Office, asker: Asker, { run: id, ...said }: Said): Promise<void> {
  const { desk, people } = office;
  const { place, by } = asker;
  const [run, names] = await Promise.all([desk.runs.read(id), people.namesOf(by.key)]);
  const used = [run?.by.key, ...(run?.ask?.votes ?? []).map(({ key }) => key)];
  const key = names.find((name) => used.includes(name)) ?? by.key;
  const delivery = `${place.platform}:${asker.id}`;
  const voter = { key, name: by.name, groups: by.groups };
  const { verdict, decidedBy } = await desk.runs.vote({ run: id, ...said, by: voter, delivery });
  const answer = answers[verdict];
  if (answer === undefined) return;
  later(office, asker, () => sentenceCard(answer.replace('{who}', decidedBy ?? 'somebody')));
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

import type { Card } from '#base/card.ts';
import { UserError } from '#base/errors.ts';
import type { Press } from '#chat/platform.ts';
import type { Office } from './office.ts';

/** Carries out what a button means. `say` answers the person alone; `type` runs a command in their name. */
export async function pressButton(
  office: Office,
  press: Press,
  say: (card: Card) => Promise<void>,
  type: (text: string) => Promise<unknown>,
): Promise<void> {
  const meaning = await office.buttons.meaning(press.token);
  if (!meaning) throw new UserError('This button is too old.', { hint: '/job list' });
  const { runs } = office.desk;
  const by = { key: press.by.key, name: press.by.name, groups: press.by.groups };
  switch (meaning.kind) {
    case 'command':
      await type(meaning.text);
      return;
    case 'vote': {
      const { run, revision, yes } = meaning;
      const delivery = `${press.place.platform}:${press.id}`;
      const { verdict, decidedBy } = await runs.vote({ run, revision, yes, by, delivery });
      const answer = answers[verdict];
      return answer === undefined ? undefined : say(sentenceCard(answer.replace('{who}', decidedBy ?? 'somebody')));
    }
    case 'run': {
      const act = { cancel: runs.cancel, retry: runs.retry, 'roll back': runs.rollBack }[meaning.verb];
      const answer = await act(meaning.run, by);
      if (answer !== 'ok') await say(sentenceCard(answer));
    }
  }
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

function sentenceCard(text: string): Card {
  return { tone: 'info', fallback: text, blocks: [{ kind: 'text', text }] };
}

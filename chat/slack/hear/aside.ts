import type { KnownBlock } from '@slack/types';
import { fullSentence, RemoteError, sentence, UserError } from '#base/errors.ts';
import type { Place } from '#chat/platform.ts';
import { clip } from '../../clip.ts';
import { codeBlocks } from '../render/code.ts';
import { most } from '../render/limits.ts';
import type { Message } from '../render/render.ts';
import { richText } from '../render/rich.ts';
import { escaped, unmarked } from '../render/small.ts';
import type { Typed } from '../roots.ts';
import { isDirect } from '../send/direct.ts';
import { sendAside } from '../send/whisper.ts';
import type { Ears } from './ears.ts';

/** The id of the button that types its value for whoever presses it. */
export const typedId = 'type.0';

/** Why something was not taken, or that nobody knows whether it was; and the line to copy, if one was typed. */
export function notTaken(ears: Pick<Ears, 'typed'>, error: unknown, line = ''): Message {
  return said(whyNotTaken(ears, error, 'Please try again in a moment.'), codeBlocks(ears.typed(line)));
}

/** The same as text; `again` says how to do it again when nothing was done. */
export function whyNotTaken({ typed }: Pick<Ears, 'typed'>, error: unknown, again: string): string {
  if (error instanceof RemoteError && error.outcome === 'unknown') return `${fullSentence(error)} ${lookFirst(typed)}`;
  const known = error instanceof RemoteError || error instanceof UserError;
  const why = known ? fullSentence(error) : 'something went wrong inside the bot; its log says more.';
  return `This was not taken, and nothing was done: ${why} ${again}`;
}

/** Nobody can say yet whether it was taken. */
export function notYet(ears: Pick<Ears, 'typed'>, line = ''): Message {
  return said(whyNotYet(ears), codeBlocks(ears.typed(line)));
}

/** The same as text. */
export const whyNotYet = ({ typed }: Pick<Ears, 'typed'>) => `This takes longer than it should. ${lookFirst(typed)}`;

const lookFirst = (typed: Typed) => `Before you do it again, look whether it is there: ${typed('/job list')}`;

/** A form can only be shown in answer to a press: so here is something to press. */
export function offerForm(line: string): Message {
  return said('There is a form for this:', [
    {
      type: 'actions',
      elements: [
        { type: 'button', action_id: typedId, value: clip(line, 2000), text: unmarked('Open the form', most.label) },
      ],
    },
  ]);
}

export function said(text: string, more: KnownBlock[] = []): Message {
  return { text: escaped(text), blocks: [...richText([{ type: 'text', text }]), ...more] };
}

/** Tells one person something where they typed, as well as it goes; that it did not is only noted. */
export async function tellAside(ears: Ears, place: Place, user: string, message: Message): Promise<void> {
  try {
    if (!isDirect(place.channel)) return await sendAside(ears, place, user, message);
    await ears.condition.call(() =>
      ears.clients.api.chat.postMessage({
        channel: user,
        ...(place.thread === undefined ? {} : { thread_ts: place.thread }),
        ...message,
      }),
    );
  } catch (error) {
    ears.log.warn({ place, reason: sentence(error) }, 'somebody could not be told on Slack');
  }
}

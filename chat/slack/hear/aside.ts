import type { KnownBlock } from '@slack/types';
import { RemoteError, sentence, UserError } from '#base/errors.ts';
import type { Place } from '#chat/platform.ts';
import { clip } from '../../clip.ts';
import { codeBlocks } from '../render/code.ts';
import { most } from '../render/limits.ts';
import type { Message } from '../render/render.ts';
import { richText } from '../render/rich.ts';
import { escaped, unmarked } from '../render/small.ts';
import { isDirect } from '../send/direct.ts';
import { sendAside } from '../send/whisper.ts';
import type { Ears } from './ears.ts';

/** The id of the button that types its value for whoever presses it. */
export const typedId = 'type.0';

/** Why something was not taken; and the line to copy, if one was typed. */
export function notTaken(error: unknown, line = ''): Message {
  const known = error instanceof RemoteError || error instanceof UserError;
  const why = known ? sentence(error) : 'something went wrong inside the bot; its log says more.';
  return said(`This was not taken, and nothing was done: ${why} Please try again in a moment.`, codeBlocks(line));
}

/** Nobody can say yet whether it was taken. */
export function notYet({ typed }: Pick<Ears, 'typed'>, line = ''): Message {
  const list = typed('/job list');
  return said(
    `This takes longer than it should. Before you do it again, look whether it is there: ${list}`,
    codeBlocks(typed(line)),
  );
}

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

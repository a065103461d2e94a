import { z } from 'zod';
import { sentence } from '#base/errors.ts';
import { isForm } from '#chat/form.ts';
import type { Place } from '#chat/platform.ts';
import { answer, readBody } from './exchange.ts';
import { accountOf } from './people.ts';
import { Refusal } from './refusal.ts';
import type { Content } from './store.ts';
import { channelOf, type Room, type SignedVisit } from './visit.ts';

const Typed = z.object({
  /** Made by the page; sent again with the same line when the answer was lost. */
  id: z.uuid(),
  channel: z.string(),
  thread: z.string().regex(/^\d+$/).optional(),
  text: z.string().trim().min(1, 'type a command').max(4000, 'a command has at most 4000 characters'),
});

/**
 * `POST /api/commands`: somebody typed a line. Answers 202 when the bot has taken it (or asks more with a `form`), and a complaint otherwise; the same id
 * is taken once. What was typed is shown to everybody when it was taken, and at once to its author.
 */
export async function takeCommand({ room, request, response, person }: SignedVisit): Promise<void> {
  const { id, channel, thread, text } = await readBody(request, Typed);
  const by = accountOf(person);
  const place: Place = {
    platform: 'web',
    channel: channelOf(room, channel, person),
    ...(thread === undefined ? {} : { thread }),
  };
  const { platform: _, ...where } = place;
  const echo = (state: 'sending' | 'taken' | 'answered' | 'refused'): Content => ({ kind: 'typed', text, state });
  const author = { key: person.key, name: by.name };
  const { message } = await room.store.add(
    { ...where, by: author, content: echo('sending') },
    `typed:${person.key}:${id}`,
  );
  if (message.content.kind === 'typed' && message.content.text !== text) {
    throw new Refusal(409, 'Another line was sent under this id already.');
  }
  if (message.content.kind === 'typed' && !['taken', 'answered'].includes(message.content.state)) {
    if (message.revision > 1) await room.store.change(message.id, echo('sending'));
    try {
      const heard = await room.listener.command({ id, place, by, text });
      if (isForm(heard)) {
        await room.store.change(message.id, echo('refused'));
        return answer(response, 202, { message: message.id, form: heard });
      }
      await room.store.change(message.id, echo(heard === 'public' ? 'taken' : 'answered'));
    } catch (error) {
      await takeBack(room, message.id, echo('refused'));
      throw error;
    }
  }
  answer(response, 202, { message: message.id });
}

/** Nobody shall see a line that was not taken. When that fails too, only its author sees it, and the first error says more. */
async function takeBack(room: Room, id: string, content: Content): Promise<void> {
  try {
    await room.store.change(id, content);
  } catch (error) {
    room.log.warn({ message: id, reason: sentence(error) }, 'a refused line could not be taken back');
  }
}

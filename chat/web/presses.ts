import { z } from 'zod';
import { isForm } from '#chat/form.ts';
import type { Place } from '#chat/platform.ts';
import { answer, readBody } from './exchange.ts';
import { accountOf } from './people.ts';
import { Refusal } from './refusal.ts';
import { maySee, type WebMessage } from './store.ts';
import { channelOf, type SignedVisit } from './visit.ts';

const Pressed = z.object({
  id: z.uuid(),
  /** Whose button it is; left out for one of the home view, which is no message. */
  message: z.string().regex(/^\d+$/).optional(),
  channel: z.string().optional(),
  token: z.string().min(1).max(500),
});

/**
 * `POST /api/presses`: somebody pressed a button of a card they see. Answers 202 when the bot has taken it, with a `form` when it asks more, and a complaint
 * otherwise.
 */
export async function takePress(visit: SignedVisit): Promise<void> {
  const { room, request, response, person } = visit;
  const { id, message, channel, token } = await readBody(request, Pressed);
  const place =
    message === undefined
      ? { platform: 'web', channel: channelOf(room, channel ?? '', person) }
      : await placeOf(visit, message, token);
  const heard = await room.listener.press({ id, place, by: accountOf(person), token });
  answer(response, 202, isForm(heard) ? { form: heard } : {});
}

async function placeOf({ room, person }: SignedVisit, id: string, token: string): Promise<Place> {
  const message = await room.store.read(id);
  if (!message || !maySee(message, person.key)) throw new Refusal(404, 'This message is gone.');
  if (!hasButton(message, token)) throw new Refusal(409, 'This button is gone: the card has changed since.');
  const { channel, thread } = message;
  return { platform: 'web', channel, ...(thread === undefined ? {} : { thread }) };
}

function hasButton({ content }: WebMessage, token: string): boolean {
  if (content.kind !== 'card') return false;
  return content.card.blocks.some(
    (block) => block.kind === 'actions' && block.actions.some((action) => 'token' in action && action.token === token),
  );
}

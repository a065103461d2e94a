import { z } from 'zod';
import { answer, readBody } from './exchange.ts';
import { accountOf } from './people.ts';
import { Refusal } from './refusal.ts';
import { maySee, type WebMessage } from './store.ts';
import type { SignedVisit } from './visit.ts';

const Pressed = z.object({ id: z.uuid(), message: z.string().regex(/^\d+$/), token: z.string().min(1).max(500) });

/** `POST /api/presses`: somebody pressed a button of a card they see. Answers 202 when the bot has taken it, and a complaint otherwise. */
export async function takePress({ room, request, response, person }: SignedVisit): Promise<void> {
  const { id, message: messageId, token } = await readBody(request, Pressed);
  const message = await room.store.read(messageId);
  if (!message || !maySee(message, person.key)) throw new Refusal(404, 'This message is gone.');
  if (!hasButton(message, token)) throw new Refusal(409, 'This button is gone: the card has changed since.');
  const { channel, thread } = message;
  const place = { platform: 'web', channel, ...(thread === undefined ? {} : { thread }) };
  await room.listener.press({ id, place, by: accountOf(person), token });
  answer(response, 202, {});
}

function hasButton({ content }: WebMessage, token: string): boolean {
  if (content.kind !== 'card') return false;
  return content.card.blocks.some(
    (block) => block.kind === 'actions' && block.actions.some((action) => 'token' in action && action.token === token),
  );
}

import { z } from 'zod';
import { answer, readBody } from './exchange.ts';
import { accountOf } from './people.ts';
import { channelOf, type SignedVisit } from './visit.ts';

const Sent = z.object({
  /** Made by the page; the same when the same form is sent again after a lost answer. */
  id: z.uuid(),
  channel: z.string(),
  thread: z.string().regex(/^\d+$/).optional(),
  token: z.string().min(1).max(500),
  values: z.record(z.string().max(100), z.union([z.literal(true), z.string().max(4000)])),
});

/** `POST /api/forms`: somebody sent a form. Answers 202 when the bot has taken it; with `complaints`, field by field, when it has not. */
export async function takeForm({ room, request, response, person }: SignedVisit): Promise<void> {
  const { id, channel, thread, token, values } = await readBody(request, Sent);
  const place = {
    ...{ platform: 'web', channel: channelOf(room, channel, person) },
    ...(thread === undefined ? {} : { thread }),
  };
  const complaints = await room.listener.submit({ id, place, by: accountOf(person), token, values });
  answer(response, complaints ? 422 : 202, complaints ? { complaints } : {});
}

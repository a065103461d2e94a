import { answer } from './exchange.ts';
import { accountOf } from './people.ts';
import { Refusal } from './refusal.ts';
import { maySee } from './store.ts';
import type { SignedVisit } from './visit.ts';

const longestLine = 1000;

/** `GET /api/complete?line=`: words that could stand at the end of the line, best first. An empty line gets examples. */
export async function complete({ room, response, url, person }: SignedVisit): Promise<void> {
  const line = url.searchParams.get('line') ?? '';
  const found =
    line.length > longestLine
      ? []
      : await room.listener.complete(line, accountOf(person), { platform: 'web', channel: 'ops' });
  answer(response, 200, { completions: found });
}

/** `GET /api/threads?message=`: a message and what stands in its thread, oldest first. */
export async function readThread({ room, response, url, person }: SignedVisit): Promise<void> {
  const id = url.searchParams.get('message') ?? '';
  const message = await room.store.read(id);
  if (!message || !maySee(message, person.key)) throw new Refusal(404, 'This message is gone.');
  const replies = (await room.store.thread(id)).filter((reply) => maySee(reply, person.key));
  answer(response, 200, { message, replies });
}

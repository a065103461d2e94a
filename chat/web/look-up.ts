import type { Place } from '#chat/platform.ts';
import { answer } from './exchange.ts';
import { accountOf } from './people.ts';
import { Refusal } from './refusal.ts';
import { isTakenBack, maySee } from './store.ts';
import type { SignedVisit } from './visit.ts';

const longestLine = 1000;

/** `GET /api/complete?line=`: words that could stand at the end of the line, best first. An empty line gets examples. */
export async function complete({ room, response, url, person }: SignedVisit): Promise<void> {
  const line = url.searchParams.get('line') ?? '';
  const found = line.length > longestLine ? [] : await room.listener.complete(line, accountOf(person), placeOf(url));
  answer(response, 200, { completions: found });
}

/** `GET /api/words?token=&field=&typed=&channel=`: what fits a field of a form. */
export async function words({ room, response, url, person }: SignedVisit): Promise<void> {
  const [token = '', field = '', typed = ''] = ['token', 'field', 'typed'].map(
    (name) => url.searchParams.get(name) ?? '',
  );
  const wanted = { token, field, typed: typed.slice(0, longestLine), by: accountOf(person), place: placeOf(url) };
  answer(response, 200, { words: await room.listener.words(wanted) });
}

/** `GET /api/home?channel=`: what waits for the person, and what is theirs. */
export async function home({ room, response, url, person }: SignedVisit): Promise<void> {
  answer(response, 200, { card: await room.listener.home(accountOf(person), placeOf(url)) });
}

const placeOf = (url: URL): Place => ({ platform: 'web', channel: url.searchParams.get('channel') ?? '' });

/** `GET /api/threads?message=`: a message and what stands in its thread, oldest first. */
export async function readThread({ room, response, url, person }: SignedVisit): Promise<void> {
  const id = url.searchParams.get('message') ?? '';
  const message = await room.store.read(id);
  if (!message || !maySee(message, person.key)) throw new Refusal(404, 'This message is gone.');
  const replies = (await room.store.thread(id)).filter((reply) => maySee(reply, person.key) && !isTakenBack(reply));
  answer(response, 200, { message, replies });
}

import { z } from 'zod';
import { answer, readBody } from './exchange.ts';
import { calling, type WebPerson, whoHas } from './people.ts';
import { Refusal } from './refusal.ts';
import type { Room, Visit } from './visit.ts';

const SignIn = z.union([
  z.strictObject({ person: z.string().max(100) }),
  z.strictObject({ accessKey: z.string().min(1, 'type your access key').max(1000, 'that is too long for one') }),
]);

/** `GET /api/console`: what the page has to know before anybody signed in. Names are told only where one may pick one. */
export async function welcome({ room, response }: Visit): Promise<void> {
  const { title, channels, signIn, people } = room;
  const names = signIn === 'pick' ? people.map(calling) : [];
  answer(response, 200, { title, channels, signIn, people: names });
}

/** `POST /api/sessions`: `{ person }` where one may pick, `{ accessKey }` otherwise. Answers a session token. */
export async function openSession({ room, request, response }: Visit): Promise<void> {
  const wish = await readBody(request, SignIn);
  const person =
    'person' in wish ? picked(room, wish.person) : holder(room, wish.accessKey, request.socket.remoteAddress);
  const { token, until } = room.sessions.open(person);
  answer(response, 201, { token, until, person: calling(person) });
}

function picked(room: Room, key: string): WebPerson {
  if (room.signIn !== 'pick') throw new Refusal(403, 'Here everybody signs in with their access key.');
  const person = room.people.find((one) => one.key === key);
  if (!person) throw new Refusal(404, `There is nobody called "${key}" here.`);
  return person;
}

function holder(room: Room, accessKey: string, address = ''): WebPerson {
  if (room.signIn !== 'key') throw new Refusal(403, 'Here nobody has a key: pick a name.');
  room.tries.check(address);
  const person = whoHas(room.people, accessKey.trim());
  if (!person) {
    room.tries.wrong(address);
    room.log.warn({ address }, 'somebody tried a wrong access key');
    throw new Refusal(403, 'Nobody has this key. Check that you copied all of it.');
  }
  room.tries.right(address);
  return person;
}

import { DiscordError } from '../../error.ts';
import type { Message } from '../../message.ts';
import { changeMessage, type MessageBody, removeMessage, tell, writeMessage } from '../../messages.ts';
import { may } from '../../permissions.ts';
import { channelFor, checkMayWrite, checkNotArchived, messageIn } from '../../places.ts';
import { answers, requests } from '../../rules/schemas.ts';
import { showMessage } from '../../show/message.ts';
import type { Channel, World } from '../../world.ts';
import { type Asking, part, type Route } from '../route.ts';

const fivePerFiveSeconds = { limit: 5, perMs: 5_000 };

/** Messages written with the bot's token. */
export const messageRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/channels/{channel}/messages',
    request: requests.messageCreate,
    answer: answers.message,
    bucket: fivePerFiveSeconds,
    run: create,
  },
  {
    method: 'GET',
    path: '/channels/{channel}/messages',
    answer: answers.messages,
    run: list,
  },
  {
    method: 'GET',
    path: '/channels/{channel}/messages/{message}',
    answer: answers.message,
    run: (asking) => showMessage(asking.world, find(asking).message),
  },
  {
    method: 'PATCH',
    path: '/channels/{channel}/messages/{message}',
    request: requests.messageEdit,
    answer: answers.message,
    bucket: fivePerFiveSeconds,
    run: edit,
  },
  {
    method: 'DELETE',
    path: '/channels/{channel}/messages/{message}',
    bucket: { limit: 5, perMs: 1_000 },
    run: (asking) => {
      const { world, channel, message } = find(asking);
      const own = message.authorId === world.application.id;
      if (!own && !may(world, world.application.id, channel, 'manageMessages')) throw new DiscordError(50013);
      checkNotArchived(channel);
      removeMessage(world, message);
    },
  },
  ...(['PUT', 'DELETE'] as const).map(
    (method): Route => ({
      method,
      path: '/channels/{channel}/messages/{message}/reactions/{emoji}/@me',
      bucket: { limit: 1, perMs: 250 },
      run: (asking) => react(asking, method === 'PUT'),
    }),
  ),
];

function create(asking: Asking): unknown {
  const { world, where, files } = asking;
  const body = asking.body as MessageBody;
  const channel = channelFor(world, part(asking, 'channel'));
  const earlier = body.enforce_nonce ? earlierMessage(world, body.nonce) : undefined;
  if (earlier) return showMessage(world, earlier);
  checkMayWrite(world, channel, files.length > 0);
  const replyTo = body.message_reference?.message_id;
  const posted = {
    channelId: channel.id,
    authorId: world.application.id,
    ...(replyTo === undefined ? {} : { type: 19 as const, replyTo }),
  };
  const message = writeMessage(world, posted, { where, body, files });
  if (body.nonce !== undefined && body.nonce !== null) {
    world.nonces.set(String(body.nonce), { messageId: message.id, at: world.clock.now() });
  }
  return showMessage(world, message);
}

/** The message that was written under this nonce "in the past few minutes"; 10008 when it has been deleted since. */
function earlierMessage(world: World, nonce: MessageBody['nonce']): Message | undefined {
  const known = nonce === undefined || nonce === null ? undefined : world.nonces.get(String(nonce));
  if (!known || world.clock.now() - known.at > world.settings.nonceMs) return undefined;
  const message = world.messages.get(known.messageId);
  if (!message) throw new DiscordError(10008);
  return message;
}

function list(asking: Asking): unknown {
  const { world, query } = asking;
  const channel = channelFor(world, part(asking, 'channel'));
  if (!may(world, world.application.id, channel, 'readMessageHistory')) return [];
  const limit = Math.min(100, Number(query.get('limit') ?? 50));
  const before = query.get('before');
  const after = query.get('after');
  const fits = ({ id, channelId, onlyFor }: Message) =>
    channelId === channel.id &&
    onlyFor === undefined &&
    (before === null || BigInt(id) < BigInt(before)) &&
    (after === null || BigInt(id) > BigInt(after));
  const found = [...world.messages.values()].filter(fits);
  const page = after === null ? found.slice(-limit) : found.slice(0, limit);
  return page.reverse().map((message) => showMessage(world, message));
}

function edit(asking: Asking): unknown {
  const { world, channel, message } = find(asking);
  if (message.authorId !== world.application.id) throw new DiscordError(50005);
  checkNotArchived(channel);
  checkAge(world, message);
  changeMessage(world, message, { where: asking.where, body: asking.body as MessageBody, files: asking.files });
  return showMessage(world, message);
}

/** Messages older than an hour take few edits; then 30046, which comes with 429. */
function checkAge(world: World, message: Message): void {
  const { oldMessageMs, oldEdits, oldEditsMs } = world.settings;
  const now = world.clock.now();
  if (now - message.createdAt < oldMessageMs) return;
  const recent = (world.oldEdits.get(message.channelId) ?? []).filter((at) => at > now - oldEditsMs);
  const first = recent[0] ?? now;
  if (recent.length >= oldEdits) throw new DiscordError(30046, { retryAfterMs: first + oldEditsMs - now });
  world.oldEdits.set(message.channelId, [...recent, now]);
}

function react(asking: Asking, add: boolean): void {
  const { world, channel, message } = find(asking);
  checkNotArchived(channel);
  const me = world.application.id;
  if (add && !may(world, me, channel, 'addReactions')) throw new DiscordError(50013);
  const emoji = part(asking, 'emoji');
  const who = message.reactions.get(emoji) ?? new Set();
  if (add) who.add(me);
  else who.delete(me);
  if (who.size > 0) message.reactions.set(emoji, who);
  else message.reactions.delete(emoji);
  tell(world, 'MESSAGE_UPDATE', message);
}

function find(asking: Asking): { world: World; channel: Channel; message: Message } {
  const channel = channelFor(asking.world, part(asking, 'channel'));
  return { world: asking.world, channel, message: messageIn(asking.world, channel, part(asking, 'message')) };
}

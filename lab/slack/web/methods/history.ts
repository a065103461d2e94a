import type { Message } from '../../message.ts';
import { messagesIn } from '../../messages.ts';
import { showMessage } from '../../show/message.ts';
import type { Channel, World } from '../../world.ts';
import { requireScope } from '../access.ts';
import { SlackError } from '../error.ts';
import { method } from '../method.ts';
import { pageOf } from '../page-of.ts';
import { messageAt, scopeFor, visible } from '../where.ts';

const scopes = ['channels:history', 'groups:history', 'im:history', 'mpim:history'];

const args = {
  channel: 'string!',
  cursor: 'string',
  limit: 'number',
  oldest: 'string',
  latest: 'string',
  inclusive: 'boolean',
  include_all_metadata: 'boolean',
} as const;

interface Range {
  readonly oldest?: string | undefined;
  readonly latest?: string | undefined;
  readonly inclusive?: boolean | undefined;
}

export const historyMethods = {
  'conversations.history': method({
    scopes,
    tier: 3,
    args,
    run({ world, args: wanted }) {
      const channel = readable(world, wanted.channel);
      const found = within(messagesIn(world, channel.id), wanted).reverse();
      const { part, more } = pageOf(found, wanted);
      const options = { metadata: wanted.include_all_metadata ?? false };
      const messages = part.map((message) => showMessage(world, message, options));
      return { messages, has_more: more.next_cursor !== '', pin_count: 0, response_metadata: more };
    },
  }),

  /** The first message and its replies, the oldest first. */
  'conversations.replies': method({
    scopes,
    tier: 3,
    args: { ...args, ts: 'string!' },
    run({ world, args: wanted }) {
      const channel = readable(world, wanted.channel);
      const root = rootAt(world, channel, wanted.ts);
      const [first, ...replies] = messagesIn(world, channel.id, root.ts);
      const { part, more } = pageOf([...(first ? [first] : []), ...within(replies, wanted)], wanted);
      const options = { metadata: wanted.include_all_metadata ?? false };
      const messages = part.map((message) => showMessage(world, message, options));
      return { messages, has_more: more.next_cursor !== '', response_metadata: more };
    },
  }),
};

/** Reading needs the kind's own scope, and the app in the channel. */
function readable(world: World, id: string): Channel {
  const channel = visible(world, id);
  requireScope(world.app.scopes, [scopeFor(channel, 'history')]);
  if (!channel.members.has(world.app.userId)) throw new SlackError('not_in_channel');
  return channel;
}

function rootAt(world: World, channel: Channel, ts: string): Message {
  try {
    return messageAt(world, channel, ts);
  } catch (error) {
    throw Object.assign(new SlackError('thread_not_found'), { cause: error });
  }
}

function within(messages: readonly Message[], { oldest = '0', latest = '9', inclusive = false }: Range): Message[] {
  return messages.filter(
    ({ ts, onlyFor }) =>
      onlyFor === undefined && ((ts > oldest && ts < latest) || (inclusive && (ts === oldest || ts === latest))),
  );
}

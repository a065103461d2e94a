import { DiscordError } from '../../error.ts';
import { channelFor, messageIn } from '../../places.ts';
import { answers, requests } from '../../rules/schemas.ts';
import { showChannel } from '../../show/channel.ts';
import { changeThread, startThread } from '../../threads.ts';
import type { Dm, World } from '../../world.ts';
import { part, type Route } from '../route.ts';

/** Channels, threads and direct messages. */
export const channelRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/users/@me/channels',
    request: requests.direct,
    answer: answers.direct,
    run: ({ world, body }) => {
      const { recipient_id: userId } = body as { recipient_id?: string };
      if (userId === undefined || !world.users.has(userId)) throw new DiscordError(10013);
      return showChannel(world, directWith(world, userId));
    },
  },
  {
    method: 'GET',
    path: '/channels/{channel}',
    answer: answers.channel,
    run: (asking) => showChannel(asking.world, channelFor(asking.world, part(asking, 'channel'))),
  },
  {
    method: 'PATCH',
    path: '/channels/{channel}',
    request: requests.threadEdit,
    answer: answers.thread,
    run: (asking) => {
      const channel = channelFor(asking.world, part(asking, 'channel'));
      if (channel.kind !== 'thread') throw new DiscordError(50013);
      changeThread(asking.world, channel, asking.body as Parameters<typeof changeThread>[2]);
      return showChannel(asking.world, channel);
    },
  },
  {
    method: 'POST',
    path: '/channels/{channel}/typing',
    bucket: { limit: 5, perMs: 5_000 },
    run: (asking) => void channelFor(asking.world, part(asking, 'channel')),
  },
  {
    method: 'POST',
    path: '/channels/{channel}/messages/{message}/threads',
    request: requests.threadFromMessage,
    answer: answers.thread,
    bucket: { limit: 50, perMs: 300_000 },
    run: (asking) => {
      const channel = channelFor(asking.world, part(asking, 'channel'));
      const message = messageIn(asking.world, channel, part(asking, 'message'));
      const thread = startThread(asking.world, channel, message, asking.body as Parameters<typeof startThread>[3]);
      return showChannel(asking.world, thread);
    },
  },
  {
    method: 'PUT',
    path: '/channels/{channel}/thread-members/@me',
    run: (asking) => {
      const channel = channelFor(asking.world, part(asking, 'channel'));
      if (channel.kind !== 'thread') throw new DiscordError(50024);
      if (channel.archived) throw new DiscordError(50083);
    },
  },
];

/** The channel with this person, made when it is first asked for. */
export function directWith(world: World, userId: string): Dm {
  for (const channel of world.channels.values()) {
    if (channel.kind === 'dm' && channel.userId === userId) return channel;
  }
  const made: Dm = { kind: 'dm', id: world.newId(), userId };
  world.channels.set(made.id, made);
  return made;
}

import { SlackError } from '../error.ts';
import { method } from '../method.ts';
import { messageAt, visible } from '../where.ts';

const reaction = { channel: 'string!', timestamp: 'string!', name: 'string!' } as const;

/** What is put on messages and channels. */
export const markMethods = {
  'reactions.add': method({
    scopes: ['reactions:write'],
    tier: 3,
    args: reaction,
    run({ world, args }) {
      const { reactions } = messageAt(world, visible(world, args.channel), args.timestamp);
      const users = reactions.get(args.name) ?? new Set();
      if (users.has(world.app.userId)) throw new SlackError('already_reacted');
      reactions.set(args.name, users.add(world.app.userId));
      return {};
    },
  }),

  'reactions.remove': method({
    scopes: ['reactions:write'],
    tier: 2,
    args: reaction,
    run({ world, args }) {
      const { reactions } = messageAt(world, visible(world, args.channel), args.timestamp);
      const users = reactions.get(args.name);
      if (!users?.delete(world.app.userId)) throw new SlackError('no_reaction');
      if (users.size === 0) reactions.delete(args.name);
      return {};
    },
  }),

  'pins.add': method({
    scopes: ['pins:write'],
    tier: 2,
    args: { channel: 'string!', timestamp: 'string!' },
    run({ world, args }) {
      const message = messageAt(world, visible(world, args.channel), args.timestamp);
      if (message.pinned) throw new SlackError('already_pinned');
      message.pinned = true;
      return {};
    },
  }),

  'bookmarks.add': method({
    scopes: ['bookmarks:write'],
    tier: 2,
    args: {
      channel_id: 'string!',
      title: 'string!',
      type: 'string!',
      link: 'string',
      emoji: 'string',
      entity_id: 'string',
    },
    run({ world, args }) {
      const { id } = visible(world, args.channel_id);
      if (args.type !== 'link') throw new SlackError('invalid_bookmark_type');
      if (!args.link) throw new SlackError('invalid_link');
      return { bookmark: { id: world.newId('Bk'), channel_id: id, title: args.title, link: args.link, type: 'link' } };
    },
  }),
};

import { directWith } from '../../places.ts';
import { showChannel } from '../../show/channel.ts';
import type { Channel } from '../../world.ts';
import { requireScope } from '../access.ts';
import { SlackError } from '../error.ts';
import { method } from '../method.ts';
import { pageOf } from '../page-of.ts';
import { scopeFor, visible } from '../where.ts';

const read = ['channels:read', 'groups:read', 'im:read', 'mpim:read'];

/** Slack's names for the kinds of conversations. */
const types: Readonly<Record<Channel['kind'], string>> = {
  public: 'public_channel',
  private: 'private_channel',
  im: 'im',
};

export const conversationMethods = {
  'conversations.open': method({
    scopes: ['im:write'],
    tier: 3,
    args: { users: 'string', channel: 'string', return_im: 'boolean', prevent_creation: 'boolean' },
    run({ world, args }) {
      const asked = args.users ?? [...(world.channels.get(args.channel ?? '')?.members ?? [])][0];
      if (asked === undefined) throw new SlackError('users_list_not_supplied');
      const user = world.users.get(asked);
      if (!user) throw new SlackError('user_not_found');
      if (user.bot) throw new SlackError('cannot_dm_bot');
      const channel = directWith(world, user.id);
      return { channel: args.return_im ? showChannel(world, channel) : { id: channel.id } };
    },
  }),

  'conversations.info': method({
    scopes: read,
    tier: 3,
    args: { channel: 'string!', include_locale: 'boolean', include_num_members: 'boolean' },
    run({ world, args }) {
      const channel = visible(world, args.channel);
      requireScope(world.app.scopes, [scopeFor(channel, 'read')]);
      return { channel: showChannel(world, channel) };
    },
  }),

  'conversations.list': method({
    scopes: read,
    tier: 2,
    args: { types: 'string', exclude_archived: 'boolean', limit: 'number', cursor: 'string', team_id: 'string' },
    run({ world, args }) {
      const wanted = (args.types ?? 'public_channel').split(',');
      const fitting = [...world.channels.values()].filter(
        ({ kind, archived, members }) =>
          wanted.includes(types[kind]) &&
          !(archived && args.exclude_archived) &&
          (kind === 'public' || members.has(world.app.userId)),
      );
      const { part, more } = pageOf(fitting, args);
      return { channels: part.map((channel) => showChannel(world, channel)), response_metadata: more };
    },
  }),

  'conversations.members': method({
    scopes: read,
    tier: 4,
    args: { channel: 'string!', limit: 'number', cursor: 'string' },
    run({ world, args }) {
      const { part, more } = pageOf([...visible(world, args.channel).members], args);
      return { members: part, response_metadata: more };
    },
  }),

  'conversations.join': method({
    scopes: ['channels:join'],
    tier: 3,
    args: { channel: 'string!' },
    run({ world, args }) {
      const channel = visible(world, args.channel);
      if (channel.kind !== 'public') throw new SlackError('method_not_supported_for_channel_type');
      if (channel.archived) throw new SlackError('is_archived');
      channel.members.add(world.app.userId);
      world.changes.tell();
      return { channel: showChannel(world, channel) };
    },
  }),
};

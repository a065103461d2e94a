import { showChannel } from '../../show/channel.ts';
import { showGroup, showUser } from '../../show/user.ts';
import { SlackError } from '../error.ts';
import { method } from '../method.ts';
import { pageOf } from '../page-of.ts';

const read = ['users:read'];

export const peopleMethods = {
  'users.info': method({
    scopes: read,
    tier: 4,
    args: { user: 'string!', include_locale: 'boolean' },
    run({ world, args }) {
      const user = world.users.get(args.user);
      if (!user) throw new SlackError('user_not_found');
      return { user: showUser(world, user) };
    },
  }),

  'users.list': method({
    scopes: read,
    tier: 2,
    args: { cursor: 'string', limit: 'number', include_locale: 'boolean', team_id: 'string' },
    run({ world, args }) {
      const { part, more } = pageOf([...world.users.values()], args);
      return {
        members: part.map((user) => showUser(world, user)),
        cache_ts: Math.trunc(world.clock.now() / 1_000),
        response_metadata: more,
      };
    },
  }),

  'users.lookupByEmail': method({
    scopes: ['users:read.email'],
    tier: 3,
    args: { email: 'string!' },
    run({ world, args }) {
      const user = [...world.users.values()].find(({ email }) => email === args.email);
      if (!user) throw new SlackError('users_not_found');
      return { user: showUser(world, user) };
    },
  }),

  'users.conversations': method({
    scopes: ['channels:read', 'groups:read', 'im:read', 'mpim:read'],
    tier: 3,
    args: { user: 'string', types: 'string', exclude_archived: 'boolean', limit: 'number', cursor: 'string' },
    run({ world, args }) {
      const user = args.user ?? world.app.userId;
      const found = [...world.channels.values()].filter(({ members, kind, archived }) => {
        const theirs = members.has(user) && (kind === 'public' || members.has(world.app.userId));
        return theirs && kind !== 'im' && !(archived && args.exclude_archived);
      });
      const { part, more } = pageOf(found, args);
      return { channels: part.map((channel) => showChannel(world, channel)), response_metadata: more };
    },
  }),

  'usergroups.list': method({
    scopes: ['usergroups:read'],
    tier: 2,
    args: { include_users: 'boolean', include_count: 'boolean', include_disabled: 'boolean', team_id: 'string' },
    run: ({ world, args }) => ({
      usergroups: [...world.groups.values()].map((group) => showGroup(world, group, args.include_users ?? false)),
    }),
  }),

  'usergroups.users.list': method({
    scopes: ['usergroups:read'],
    tier: 2,
    args: { usergroup: 'string!', include_disabled: 'boolean', team_id: 'string' },
    run({ world, args }) {
      const group = world.groups.get(args.usergroup);
      if (!group) throw new SlackError('no_such_subteam');
      return { users: [...group.users] };
    },
  }),
};

import { DiscordError } from '../../error.ts';
import { answers } from '../../rules/schemas.ts';
import { showChannel } from '../../show/channel.ts';
import { showGuild, showRole } from '../../show/guild.ts';
import { showMember, showUser } from '../../show/user.ts';
import { type Asking, part, type Route } from '../route.ts';

/** The guild, its members, roles and channels, and users. */
export const guildRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/guilds/{guild}',
    answer: answers.guild,
    run: (asking) => {
      checkGuild(asking);
      return showGuild(asking.world);
    },
  },
  {
    method: 'GET',
    path: '/guilds/{guild}/members/{user}',
    answer: answers.member,
    run: (asking) => {
      checkGuild(asking);
      const id = part(asking, 'user');
      if (!asking.world.users.has(id)) throw new DiscordError(10013);
      if (!asking.world.members.has(id)) throw new DiscordError(10007);
      return showMember(asking.world, id);
    },
  },
  {
    method: 'GET',
    path: '/guilds/{guild}/roles',
    answer: answers.roles,
    run: (asking) => {
      checkGuild(asking);
      return [...asking.world.roles.values()].map((role) => showRole(asking.world, role));
    },
  },
  {
    method: 'GET',
    path: '/guilds/{guild}/channels',
    answer: answers.channels,
    run: (asking) => {
      checkGuild(asking);
      const channels = [...asking.world.channels.values()].filter(({ kind }) => kind === 'text');
      return channels.map((channel) => showChannel(asking.world, channel));
    },
  },
  {
    method: 'GET',
    path: '/users/{user}',
    answer: answers.user,
    run: (asking) => {
      const user = asking.world.users.get(part(asking, 'user'));
      if (!user) throw new DiscordError(10013);
      return showUser(user);
    },
  },
];

/** 10004 for a guild that the application is not in. */
export function checkGuild(asking: Asking): string {
  const id = part(asking, 'guild');
  if (id !== asking.world.guild.id) throw new DiscordError(10004);
  return id;
}

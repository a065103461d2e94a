import { bitsOf } from './permissions.ts';
import type { Channel, Member, Role, User, World } from './world.ts';

/** Ids that never change, so that a configuration can name them. */
export const fixedIds = {
  guild: '900000000000000001',
  application: '900000000000000002',
  ana: '900000000000000010',
  ben: '900000000000000011',
  cleo: '900000000000000012',
  botRole: '900000000000000020',
  opsRole: '900000000000000021',
  platformRole: '900000000000000022',
  ops: '900000000000000030',
  random: '900000000000000031',
  noBots: '900000000000000032',
  oldThread: '900000000000000033',
} as const;

const ofEveryone = bitsOf(
  'addReactions',
  'viewChannel',
  'sendMessages',
  'embedLinks',
  'attachFiles',
  'readMessageHistory',
  'useApplicationCommands',
  'createPublicThreads',
  'sendMessagesInThreads',
);

type First = Pick<World, 'roles' | 'users' | 'members' | 'channels'>;

/** Ana, Ben (of the role ops) and Cleo in a guild with three channels and an archived thread; the bot may not enter `no-bots`. */
export function firstWorld(now: number): First {
  const role = (id: string, name: string, position: number, more: Partial<Role> = {}): Role => ({
    id,
    name,
    position,
    color: 0,
    managed: false,
    permissions: 0n,
    ...more,
  });
  const user = (id: string, name: string, shown: string, bot = false): User => ({
    id,
    name,
    shown,
    bot,
    locale: 'en-US',
  });
  const member = (...roles: string[]): Member => ({ roles, takesDirect: true });
  const text = (id: string, name: string, position: number): Channel => ({
    kind: 'text',
    id,
    name,
    position,
    overwrites: new Map(),
  });
  const noBots: Channel = {
    kind: 'text',
    id: fixedIds.noBots,
    name: 'no-bots',
    position: 2,
    overwrites: new Map([[fixedIds.botRole, { of: 'role', allow: 0n, deny: bitsOf('viewChannel') }]]),
  };
  const old: Channel = {
    kind: 'thread',
    id: fixedIds.oldThread,
    parentId: fixedIds.random,
    ownerId: fixedIds.ana,
    createdAt: now - 30 * 86_400_000,
    activeAt: now - 20 * 86_400_000,
    name: 'old plans',
    archiveMinutes: 1_440,
    archived: true,
    locked: false,
  };
  return {
    roles: byId([
      role(fixedIds.guild, '@everyone', 0, { permissions: ofEveryone }),
      role(fixedIds.botRole, 'Botswain', 3, { managed: true }),
      role(fixedIds.opsRole, 'ops', 2, { color: 0x2ecc71 }),
      role(fixedIds.platformRole, 'platform', 1, { color: 0x3498db }),
    ]),
    users: byId([
      user(fixedIds.application, 'botswain', 'Botswain', true),
      user(fixedIds.ana, 'ana', 'Ana'),
      user(fixedIds.ben, 'ben', 'Ben'),
      user(fixedIds.cleo, 'cleo', 'Cleo'),
    ]),
    members: new Map([
      [fixedIds.application, member(fixedIds.botRole)],
      [fixedIds.ana, member(fixedIds.platformRole)],
      [fixedIds.ben, member(fixedIds.opsRole, fixedIds.platformRole)],
      [fixedIds.cleo, member()],
    ]),
    channels: byId([text(fixedIds.ops, 'ops', 0), text(fixedIds.random, 'random', 1), noBots, old]),
  };
}

function byId<T extends { readonly id: string }>(list: readonly T[]): Map<string, T> {
  return new Map(list.map((one) => [one.id, one]));
}

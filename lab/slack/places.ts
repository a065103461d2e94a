import type { Channel, World } from './world.ts';

/** The direct channel of a person and the app; made when it is not there yet. */
export function directWith(world: World, userId: string): Channel {
  const { userId: bot } = world.app;
  const found = [...world.channels.values()].find(({ kind, members }) => kind === 'im' && members.has(userId));
  if (found) return found;
  const id = `D${userId.slice(1)}`;
  const made: Channel = { id, name: '', kind: 'im', members: new Set([userId, bot]), archived: false, readOnly: false };
  world.channels.set(id, made);
  return made;
}

/** By id or name, with or without `#`. */
export function findChannel(world: World, given: string): Channel | undefined {
  const name = given.replace(/^#/, '');
  return (
    world.channels.get(given) ?? [...world.channels.values()].find((one) => one.name === name && one.kind !== 'im')
  );
}

/** By id or name. */
export function findUser(world: World, given: string) {
  return world.users.get(given) ?? [...world.users.values()].find(({ name }) => name === given);
}

import type { App } from './app.ts';
import type { Channel, Team, User, Usergroup } from './world.ts';

export const team: Team = { id: 'T0LAB', name: 'Harbour', domain: 'harbour' };

/** The people, groups and channels that a workspace begins with. */
export function firstWorld({ userId: bot, name }: App): {
  users: Map<string, User>;
  groups: Map<string, Usergroup>;
  channels: Map<string, Channel>;
} {
  const [ana, ben, cleo] = [user('ana', 'Ana Alves'), user('ben', 'Ben Bauer'), user('cleo', 'Cleo Costa')];
  const people = [ana.id, ben.id, cleo.id];
  const robot = { ...user(name.toLowerCase(), name), id: bot, email: '', bot: true };
  return {
    users: byId([ana, ben, cleo, robot]),
    groups: byId([{ id: 'S0OPS', handle: 'ops', name: 'Operations', users: new Set([ben.id]) }]),
    channels: byId([
      channel('ops', 'public', [...people, bot]),
      channel('random', 'public', people),
      { ...channel('attic', 'public', [...people, bot]), archived: true },
      channel('vault', 'private', [ana.id]),
    ]),
  };
}

function user(name: string, realName: string): User {
  const id = `U0${name.toUpperCase()}`;
  return { id, name, realName, email: `${name}@harbour.example`, bot: false, timezone: 'Europe/Lisbon' };
}

function channel(name: string, kind: Channel['kind'], members: readonly string[]): Channel {
  return { id: `C0${name.toUpperCase()}`, name, kind, members: new Set(members), archived: false, readOnly: false };
}

function byId<T extends { readonly id: string }>(things: readonly T[]): Map<string, T> {
  return new Map(things.map((thing) => [thing.id, thing]));
}

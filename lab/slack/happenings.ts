import type { Farewell } from './deliver/connection.ts';
import { deliver } from './deliver/deliver.ts';
import type { Delivery } from './deliver/delivery.ts';
import { emit } from './deliver/events.ts';
import type { Sockets } from './deliver/sockets.ts';
import { findChannel, findUser } from './places.ts';
import { showGroup } from './show/user.ts';
import type { Channel, World } from './world.ts';

/** What happens to a workspace and its app. */
export interface Happenings {
  /** Nobody reaches Slack any more: sockets are cut, calls and new sockets refused. */
  goOffline(): void;
  comeBack(): void;
  /** Announces that a socket closes soon (the oldest, unless its place is given), as Slack does every few hours. */
  refresh(place?: number, reason?: Farewell): void;
  /** Cuts one socket, or all of them. */
  dropSockets(place?: number): void;
  /** Sends something once more, with the same envelope: what was sent last, if nothing is given. */
  redeliver(delivery?: Delivery): Promise<void>;
  /** Every call of a method is answered 429 for so long; in one channel only, if one is given. */
  limit(method: string, forMs: number, channel?: string): void;
  /** Somebody revokes the tokens, or removes the app: it hears of it, and its calls fail. */
  revoke(): void;
  uninstall(): void;
  /** Installs it again; the bot token is another one if it is given. */
  install(botToken?: string): void;
  archive(channel: string, archived?: boolean): void;
  /** Puts the app into a channel, or throws it out. */
  invite(channel: string): void;
  kick(channel: string): void;
  /** Who is in a user group, by its handle; makes the group when it is new. */
  setGroup(handle: string, users: readonly string[]): void;
}

export function makeHappenings(world: World, sockets: Sockets): Happenings {
  const { app, clock, faults } = world;
  const channelNamed = (name: string): Channel => {
    const channel = findChannel(world, name);
    if (!channel) throw new Error(`There is no channel ${name} in the lab.`);
    return channel;
  };
  const end = (state: typeof app.state) => {
    app.state = state;
    emit(world, 'tokens_revoked', { type: 'tokens_revoked', tokens: { oauth: [], bot: [app.userId] } });
  };

  return {
    goOffline() {
      world.offline = true;
      sockets.drop();
      world.changes.tell();
    },
    comeBack() {
      world.offline = false;
      world.changes.tell();
    },
    refresh: sockets.refresh,
    dropSockets: sockets.drop,
    async redeliver(delivery = world.deliveries.at(-1)) {
      if (delivery) await deliver(world, sockets, delivery);
    },
    limit(method, forMs, channel) {
      const named = channel === undefined ? {} : { channel: channelNamed(channel).id };
      faults.push({ on: 'api', method, mode: 'rate-limit', until: clock.now() + forMs, ...named });
    },
    revoke: () => end('token_revoked'),
    uninstall() {
      end('account_inactive');
      emit(world, 'app_uninstalled', { type: 'app_uninstalled' });
    },
    install(botToken = app.botToken) {
      app.state = 'installed';
      app.botToken = botToken;
    },
    archive(name, archived = true) {
      channelNamed(name).archived = archived;
      world.changes.tell();
    },
    invite: (name) => void channelNamed(name).members.add(app.userId),
    kick: (name) => void channelNamed(name).members.delete(app.userId),
    setGroup(handle, names) {
      const before = [...world.groups.values()].find((group) => group.handle === handle);
      const users = new Set(names.map((name) => findUser(world, name)?.id ?? name));
      const group = { ...(before ?? { id: world.newId('S'), handle, name: handle }), users };
      world.groups.set(group.id, group);
      const type = before ? 'subteam_updated' : 'subteam_created';
      emit(world, type, { type, subteam: showGroup(world, group, true) });
      if (before) emit(world, 'subteam_members_changed', membersChanged(world, group.id, before.users, users));
      world.changes.tell();
    },
  };
}

function membersChanged({ team, clock }: World, id: string, before: ReadonlySet<string>, after: ReadonlySet<string>) {
  const [added, removed] = [[...after.difference(before)], [...before.difference(after)]];
  return {
    type: 'subteam_members_changed',
    subteam_id: id,
    team_id: team.id,
    date_previous_update: 1_700_000_000,
    date_update: Math.trunc(clock.now() / 1_000),
    added_users: added,
    added_users_count: added.length,
    removed_users: removed,
    removed_users_count: removed.length,
  };
}

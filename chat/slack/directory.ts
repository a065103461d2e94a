import type { WebClient } from '@slack/web-api';
import type { Clock } from '#base/clock.ts';
import { sentence } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { Account } from '#chat/platform.ts';
import type { Condition } from './condition.ts';

/** Who is in the workspace and in which of its user groups; from memory, since nobody may be asked before an acknowledgement. */
export interface Directory {
  /** `name` is what Slack sent along, for those who are not known yet. */
  account(user: string, more?: { name?: string | undefined; team?: string | undefined }): Account;
  nameOf(user: string): string | undefined;
  /** Ids of user groups by the name that rules use: `slack:ops`. */
  readonly groups: ReadonlyMap<string, string>;
  groupsOf(user: string): readonly string[];
  /** Asks for the name of somebody who is not known, for the next time. */
  learn(user: string): Promise<void>;
  /** Asks for the user groups anew. */
  refreshGroups(): Promise<void>;
  /** Reads both, and the groups again every 5 minutes; resolves when the signal is aborted. */
  keep(signal: AbortSignal): Promise<void>;
}

interface Options {
  readonly team: string;
  readonly api: WebClient;
  readonly condition: Condition;
  readonly clock: Clock;
  readonly log: Log;
}

const everyMs = 5 * 60_000;
/** As many people as one call answers; others are learnt one by one. */
const atOnce = 1000;

export function openDirectory({ team, api, condition, clock, log }: Options): Directory {
  const names = new Map<string, string>();
  const asked = new Set<string>();
  let groups: ReadonlyMap<string, string> = new Map();
  let memberships: ReadonlyMap<string, readonly string[]> = new Map();
  const groupsOf = (user: string) => memberships.get(user) ?? [];

  const quietly = async (what: string, act: () => Promise<void>) => {
    try {
      await condition.call(act);
    } catch (error) {
      log.warn({ reason: sentence(error) }, `${what} could not be read from Slack`);
    }
  };

  const refreshGroups = () =>
    quietly('user groups', async () => {
      const { usergroups = [] } = await api.usergroups.list({ include_users: true });
      const known = usergroups.flatMap(({ id, handle, users = [] }) =>
        id && handle ? [{ id, name: `slack:${handle}`, users }] : [],
      );
      const members = new Map<string, string[]>();
      for (const { name, users } of known) {
        for (const user of users) members.set(user, [...(members.get(user) ?? []), name]);
      }
      groups = new Map(known.map(({ id, name }) => [name, id]));
      memberships = members;
    });

  const readNames = () =>
    quietly('names', async () => {
      const { members = [] } = await api.users.list({ limit: atOnce });
      for (const { id, name, real_name, profile } of members) {
        if (id) names.set(id, profile?.display_name || real_name || name || id);
      }
    });

  return {
    account: (user, { name, team: own = team } = {}) => ({
      account: `slack:${own}:${user}`,
      name: names.get(user) ?? (name || user),
      groups: groupsOf(user),
    }),
    nameOf: (user) => names.get(user),
    get groups() {
      return groups;
    },
    groupsOf,
    async learn(user) {
      if (names.has(user) || asked.has(user)) return;
      asked.add(user);
      await quietly('a name', async () => {
        const { user: found } = await api.users.info({ user });
        const name = found?.profile?.display_name || found?.real_name || found?.name;
        if (name) names.set(user, name);
      });
      asked.delete(user);
    },
    refreshGroups,
    async keep(signal) {
      await Promise.all([refreshGroups(), readNames()]);
      // The signal alone ends it.
      while (!signal.aborted) await clock.sleep(everyMs, signal).then(refreshGroups, () => undefined);
    },
  };
}

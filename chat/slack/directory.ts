import type { UsersInfoResponse, WebClient } from '@slack/web-api';
import { type Clock, systemClock } from '#base/clock.ts';
import { sentence } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { Account } from '#chat/platform.ts';
import type { Condition } from './condition.ts';

/** Who is in the workspace and in which of its user groups; from memory, since nobody may be asked before an acknowledgement. */
export interface Directory {
  /**
   * `name` and `team` are what Slack sent along. Whoever is not known yet is asked for first, for as long as an acknowledgement
   * can wait; of whom Slack says nothing nobody knows whether they are of this workspace.
   */
  account(user: string, more?: { name?: string | undefined; team?: string | undefined }): Promise<Account>;
  nameOf(user: string): string | undefined;
  /** Ids of user groups by the name that rules use: `slack:ops`. */
  readonly groups: ReadonlyMap<string, string>;
  groupsOf(user: string): readonly string[];
  /** Asks for the name of somebody who is not known, for the next time. */
  learn(user: string): Promise<void>;
  /** Asks for the user groups anew. */
  refreshGroups(): Promise<void>;
  /** Reads both, and again every 5 minutes: people leave, and become guests; resolves when the signal is aborted. */
  keep(signal: AbortSignal): Promise<void>;
}

interface Options {
  readonly team: string;
  /** Other workspaces whose people count as own. */
  readonly workspaces: readonly string[];
  readonly api: WebClient;
  readonly condition: Condition;
  readonly clock: Clock;
  readonly log: Log;
}

const everyMs = 5 * 60_000;
/** As many people as one call answers. */
const atOnce = 1000;
/** Slack waits 3 s for an acknowledgement, and most of that is the bot's. */
const learnMs = 700;

type Member = NonNullable<UsersInfoResponse['user']>;

/** What Slack says of a person. */
interface Known {
  readonly name: string;
  readonly team: string | undefined;
  readonly guest: boolean;
  readonly gone: boolean;
}

export function openDirectory({ team, workspaces, api, condition, clock, log }: Options): Directory {
  const known = new Map<string, Known>();
  const asked = new Map<string, Promise<void>>();
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
      const handled = usergroups.flatMap(({ id, handle, users = [] }) =>
        id && handle ? [{ id, name: `slack:${handle}`, users }] : [],
      );
      const members = new Map<string, string[]>();
      for (const { name, users } of handled) {
        for (const user of users) members.set(user, [...(members.get(user) ?? []), name]);
      }
      groups = new Map(handled.map(({ id, name }) => [name, id]));
      memberships = members;
    });

  const readNames = () =>
    quietly('names', async () => {
      for (let cursor = ''; ; ) {
        const { members = [], response_metadata: more } = await api.users.list({
          limit: atOnce,
          ...(cursor === '' ? {} : { cursor }),
        });
        for (const member of members) note(member);
        cursor = more?.next_cursor ?? '';
        if (cursor === '') return;
      }
    });

  function note({ id, name, real_name, profile, team_id, is_restricted, is_ultra_restricted, deleted }: Member): void {
    if (!id) return;
    const guest = is_restricted === true || is_ultra_restricted === true;
    known.set(id, {
      name: profile?.display_name || real_name || name || id,
      team: team_id,
      guest,
      gone: deleted === true,
    });
  }

  async function ask(user: string): Promise<void> {
    await quietly('a name', async () => {
      const { user: found } = await api.users.info({ user });
      if (found) note(found);
    });
    asked.delete(user);
  }

  async function learn(user: string): Promise<void> {
    if (known.has(user)) return;
    const asking = asked.get(user) ?? ask(user);
    asked.set(user, asking);
    await asking;
  }

  /** Why somebody is none of this workspace; by what Slack sent and by what it says of them. */
  function outsideOf(user: string, sent: string | undefined): Pick<Account, 'outside' | 'guest'> {
    const found = known.get(user);
    const foreign = [sent, found?.team].find((one) => one !== undefined && one !== team && !workspaces.includes(one));
    if (foreign !== undefined) return { outside: `you are of another Slack workspace (${foreign})` };
    if (!found) return { outside: 'Slack does not say who you are at the moment' };
    if (found.gone) return { outside: 'your Slack account was deactivated' };
    return found.guest ? { outside: 'you are a guest in this Slack workspace', guest: true } : {};
  }

  return {
    async account(user, { name, team: sent } = {}) {
      if (!known.has(user)) {
        const over = new AbortController();
        const late = systemClock.sleep(learnMs, over.signal).catch(() => undefined);
        await Promise.race([learn(user), late]).finally(() => over.abort());
      }
      const found = known.get(user);
      return {
        account: `slack:${found?.team ?? sent ?? team}:${user}`,
        name: found?.name ?? (name || user),
        groups: groupsOf(user),
        ...outsideOf(user, sent),
      };
    },
    nameOf: (user) => known.get(user)?.name,
    get groups() {
      return groups;
    },
    groupsOf,
    learn,
    refreshGroups,
    async keep(signal) {
      await Promise.all([refreshGroups(), readNames()]);
      // The signal alone ends it.
      const both = async () => void (await Promise.all([refreshGroups(), readNames()]));
      while (!signal.aborted) await clock.sleep(everyMs, signal).then(both, () => undefined);
    },
  };
}

import type { HomeView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Clock } from '#base/clock.ts';
import { sentence } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { ChatListener } from '#chat/platform.ts';
import type { Condition } from './condition.ts';
import type { Directory } from './directory.ts';
import { codeOf } from './errors.ts';
import { fitCard } from './render/fit.ts';
import type { Typed } from './roots.ts';

/** The home tab, which Slack shows as it was last published: so it is published anew while somebody may be looking. */
export interface Home {
  /** Somebody opened it. */
  opened(user: string): void;
  /** Somebody pressed something on it: it is about to change. */
  pressed(user: string): void;
  /** Resolves when nothing is being published any more. */
  readonly done: Promise<unknown>;
}

interface Options {
  readonly team: string;
  readonly views: WebClient;
  readonly condition: Condition;
  readonly directory: Directory;
  readonly listener: Pick<ChatListener, 'home'>;
  readonly typed: Typed;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Nobody is thought to look at it longer than this after opening it. */
const lookMs = 5 * 60_000;
const everyMs = 30_000;
const soonMs = 2000;

interface Visit {
  until: number;
  /** What stands there, and Slack's mark of it. */
  shown?: string;
  hash?: string;
}

export function openHome(options: Options): Home {
  const { team, views, condition, directory, listener, typed, clock, signal, log } = options;
  const visits = new Map<string, Visit>();
  const under = new Set<Promise<void>>();

  function start(work: Promise<void>): void {
    const watched: Promise<void> = work
      .catch((error: unknown) => log.warn({ reason: sentence(error) }, 'a home tab could not be shown'))
      .finally(() => under.delete(watched));
    under.add(watched);
  }

  async function publish(user: string, visit: Visit): Promise<void> {
    const card = await listener.home(await directory.account(user), { platform: 'slack', channel: user });
    const { blocks } = fitCard(card, { team, groups: directory.groups, mentions: true, surface: 'home', typed });
    const shown = JSON.stringify(blocks);
    if (shown === visit.shown) return;
    const view: HomeView = { type: 'home', blocks };
    const send = (hash?: string) => views.views.publish({ user_id: user, view, ...(hash ? { hash } : {}) });
    const answer = await condition.call(async () => {
      try {
        return await send(visit.hash);
      } catch (error) {
        if (codeOf(error) !== 'hash_conflict') throw error;
        // Another gateway showed it since.
        return send();
      }
    });
    visit.shown = shown;
    if (answer.view?.hash) visit.hash = answer.view.hash;
  }

  /** Shows it every now and then for as long as somebody may look. A failure passes or is told by the next. */
  async function attend(user: string, visit: Visit): Promise<void> {
    try {
      while (!signal.aborted && clock.now() < visit.until) {
        await publish(user, visit).catch((error: unknown) =>
          log.warn({ reason: sentence(error) }, 'a home tab could not be shown'),
        );
        await clock.sleep(everyMs, signal).catch(() => undefined);
      }
    } finally {
      visits.delete(user);
    }
  }

  return {
    opened(user) {
      const until = clock.now() + lookMs;
      const before = visits.get(user);
      if (before) {
        before.until = until;
        // What Slack shows may be older than what is known here.
        delete before.shown;
        start(publish(user, before));
        return;
      }
      const visit: Visit = { until };
      visits.set(user, visit);
      start(attend(user, visit));
    },
    pressed(user) {
      const visit = visits.get(user) ?? { until: 0 };
      start(
        (async () => {
          await publish(user, visit);
          await clock.sleep(soonMs, signal).then(
            () => publish(user, visit),
            () => undefined,
          );
        })(),
      );
    },
    get done() {
      return Promise.all(under);
    },
  };
}

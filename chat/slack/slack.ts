import { App, LogLevel } from '@slack/bolt';
import { type Clock, systemClock } from '#base/clock.ts';
import { RemoteError, withHint } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { eachOnce } from '#chat/each-once.ts';
import type { MenuItem } from '#chat/menu.ts';
import type { ChatListener, ChatPlatform } from '#chat/platform.ts';
import { openClients } from './clients.ts';
import { openCondition } from './condition.ts';
import { keepLooking, whoAmI } from './connect.ts';
import { openDirectory } from './directory.ts';
import { listen } from './hear/listen.ts';
import { openHome } from './home.ts';
import { quietLogger } from './logger.ts';
import { receiverFor } from './receiver.ts';
import { typing } from './roots.ts';
import type { Bench } from './send/bench.ts';
import { isBot, tellBot } from './send/bot.ts';
import { openDirect, userOf } from './send/direct.ts';
import { editCard, postCard } from './send/post.ts';
import { whisperCard } from './send/whisper.ts';
import type { SlackSettings } from './settings.ts';

export interface SlackOptions extends Omit<SlackSettings, 'url' | 'workspaces'> {
  readonly workspaces?: readonly string[];
  readonly menu: readonly MenuItem[];
  readonly log: Log;
  readonly clock?: Clock;
  /** How long after the first socket the second opens, ms. */
  readonly socketsApartMs?: number;
}

/** As many whispers are known again; a gateway that starts anew knows none. */
const mostWhispers = 1000;

/** Slack, by Socket Mode or HTTP. Connects to nothing before it is started. */
export function openSlack(options: SlackOptions): ChatPlatform {
  const { log, clock = systemClock, socketsApartMs = 3 * 60_000 } = options;
  const clients = openClients(options.botToken, options.apiUrl, log);
  const condition = openCondition(log);
  const typed = typing(options.menu, options.prefix);
  const once = eachOnce(mostWhispers);
  let running: Running | undefined;
  let stopped = false;

  /** What sends needs to know the workspace, which the first call to Slack tells. */
  function bench(): Bench {
    if (running) return running.bench;
    throw new RemoteError('Slack', 'is not connected yet.', { outcome: 'passing' });
  }

  async function connect(listener: ChatListener): Promise<Running> {
    const { team, user: self, bot } = await whoAmI(clients.api);
    const stopping = new AbortController();
    const { signal } = stopping;
    const directory = openDirectory({
      team,
      workspaces: options.workspaces ?? [],
      api: clients.api,
      condition,
      clock,
      log,
    });
    const sending: Bench = { team, self, clients, condition, directory, directs: new Map(), typed, clock, log };
    const home = openHome({ team, views: clients.views, condition, directory, listener, typed, clock, signal, log });
    const receiver = receiverFor({ ...options, clients, condition, socketsApartMs, clock, log });
    const app = new App({
      receiver,
      token: options.botToken,
      botId: bot,
      botUserId: self,
      tokenVerificationEnabled: false,
      convoStore: false,
      clientOptions: clients.options,
      logger: quietLogger(log),
      logLevel: LogLevel.INFO,
    });
    listen(app, { ...sending, listener, home, prefix: options.prefix, clock });
    await app.start();
    const kept = [directory.keep(signal), keepLooking(clients.api, { condition, clock, log }, signal)];
    return {
      bench: sending,
      async stop() {
        await app.stop();
        stopping.abort();
        await Promise.all([...kept, home.done]);
      },
    };
  }

  return {
    name: 'slack',
    pace: { edits: { perMinute: 45, burst: 15 }, postsInChannel: { perMinute: 60, burst: 3 }, thread: 'notes' },
    async start(listener) {
      try {
        const connected = await connect(listener);
        if (stopped) await connected.stop();
        else running = connected;
      } catch (error) {
        condition.wrong('socket', withHint(error));
        throw error;
      }
    },
    post: async (place, card, posting) => postCard(bench(), place, card, posting),
    edit: async (ref, card) => editCard(bench(), ref, card),
    whisper: (place, account, card, posting) =>
      once(`${account} ${posting.key}`, async () =>
        isBot(account)
          ? void (await tellBot(bench(), { place, account, card, posting }))
          : whisperCard(bench(), place, userOf(account), card, posting),
      ),
    direct: async (account) => openDirect(bench(), userOf(account)),
    outsideOf: async (account) => (await bench().directory.account(userOf(account))).outside,
    groupsOf: async (account) => running?.bench.directory.groupsOf(userOf(account)) ?? [],
    health: () => condition.health,
    async stop() {
      stopped = true;
      const was = running;
      running = undefined;
      await was?.stop();
    },
  };
}

interface Running {
  readonly bench: Bench;
  stop(): Promise<void>;
}

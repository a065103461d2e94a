import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway } from '#bot/gateway.ts';
import { killed, momentary } from './moments.ts';
import type { ChatSetting } from './setting.ts';

/** Something that goes wrong at a platform. */
export interface Trouble {
  readonly what: string;
  /** Real time until the last thing must be shown, counted from the act. */
  readonly withinMs: number;
  /** It takes too long for every run of the fast tests. */
  readonly slow?: true;
  /** It is played once for each site of these that the act passes. The sites are those of `base/site.ts`. */
  readonly at?: RegExp;
  /** Whoever was told that it did not work does it again, if nothing of it was kept. */
  readonly again?: true;
  /** Lets it begin on one platform, just before somebody acts. Answers what happens after the act: the platform comes back, say. */
  begin(chat: ChatSetting, platform: Platform, site: string): Promise<After | undefined>;
  /** What happens when the site is reached. */
  strike?(chat: ChatSetting, platform: Platform, site: string): void;
}

export type Platform = 'slack' | 'discord';
type After = () => Promise<void>;

const delivery = (what: string, slack: 'drop-before' | 'drop-after' | 'drop-at-ack', withinMs = 20_000): Trouble => ({
  what,
  withinMs,
  slow: true,
  async begin({ slack: team, discord }, platform) {
    if (platform === 'slack') team.faults.push({ on: 'delivery', mode: slack });
    else if (slack === 'drop-at-ack') {
      discord.faults.push({ on: 'rest', method: 'POST', path: '/callback', mode: 'drop-after' });
    } else discord.faults.push({ on: 'gateway', mode: slack });
    return undefined;
  },
});

const minuteMs = 60_000;
const quiet = async () => undefined;

/** Every kind of trouble that the table tells of. */
export const troubles: readonly Trouble[] = [
  { what: 'none', withinMs: 10_000, begin: quiet },
  {
    what: 'everything is delivered twice',
    withinMs: 10_000,
    async begin({ slack, discord }, platform) {
      const times = Number.POSITIVE_INFINITY;
      if (platform === 'slack') slack.faults.push({ on: 'delivery', mode: 'again', copies: 2, times });
      else discord.faults.push({ on: 'gateway', mode: 'twice', times });
      return undefined;
    },
  },
  delivery('the socket drops before the delivery', 'drop-before'),
  delivery('the socket drops after the delivery', 'drop-after'),
  delivery('the connection drops at the acknowledgement', 'drop-at-ack'),
  ...momentary,
  killed,
  {
    what: 'the platform answers each call half a second late',
    withinMs: 20_000,
    async begin({ slack, discord }, platform) {
      const slow = { mode: 'slow', delayMs: 500, times: Number.POSITIVE_INFINITY } as const;
      if (platform === 'slack') slack.faults.push({ on: 'api', ...slow });
      else discord.faults.push({ on: 'rest', path: '/messages', ...slow });
      return undefined;
    },
  },
  {
    what: '429 to every message for a minute',
    withinMs: 100_000,
    slow: true,
    async begin({ slack, discord }, platform) {
      if (platform === 'slack') {
        slack.limit('chat.postMessage', minuteMs);
        slack.limit('chat.update', minuteMs);
      } else {
        const path = /^\/channels\/\d+\/messages/;
        const fault = { on: 'rest', path, mode: 'rate-limit', retryAfterMs: 5000, times: 1000 } as const;
        const put = { ...fault };
        discord.faults.push(put);
        setTimeout(() => discord.faults.splice(discord.faults.indexOf(put), 1), minuteMs).unref();
      }
      return undefined;
    },
  },
  {
    what: 'two gateways at once',
    withinMs: 15_000,
    async begin(chat, platform) {
      chat.keep(await startGateway(chat.setting.config));
      if (platform === 'slack') await chat.slack.until(() => chat.slack.sockets > 1, 'the second gateway', 10_000);
      return undefined;
    },
  },
  {
    what: 'offline for ten minutes, begun at the acknowledgement',
    withinMs: 40_000,
    slow: true,
    begin:
      async ({ slack, discord }, platform) =>
      async () => {
        if (platform === 'slack') slack.goOffline();
        else await discord.goOffline();
        await sleep(3000);
        if (platform === 'slack') {
          slack.pass(10 * minuteMs);
          slack.comeBack();
        } else {
          discord.pass(10 * minuteMs);
          await discord.goOnline();
        }
      },
  },
];

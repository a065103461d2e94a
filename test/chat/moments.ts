import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway } from '#bot/gateway.ts';
import { startActor } from '../faults/actor.ts';
import type { ChatSetting } from './setting.ts';
import type { Platform, Trouble } from './trouble.ts';

/** What breaks at each moment: nobody picks the moments, they are the sites that the act was seen to pass. */
export const momentary: readonly Trouble[] = [
  {
    what: 'all sockets drop, at each moment',
    withinMs: 20_000,
    slow: true,
    at: /./,
    begin: async () => undefined,
    strike({ slack, discord }, platform) {
      if (platform === 'slack') slack.dropSockets();
      else discord.gateway.drop();
    },
  },
  breaking('drop-before', 'the connection of a call breaks before it is done, at each call'),
  breaking('drop-after', 'the connection of a call breaks after it is done, at each call'),
];

/** At each call of the platform's API, its connection breaks. */
function breaking(mode: 'drop-before' | 'drop-after', what: string): Trouble {
  return {
    what,
    withinMs: 20_000,
    slow: true,
    at: /^before (slack (?!acknowledge|socket)|discord [A-Z]+ )/,
    begin: async () => undefined,
    strike({ slack, discord }, platform, site) {
      const [, , method = '', path = ''] = site.split(' ');
      if (platform === 'slack') slack.faults.push({ on: 'api', method, mode });
      else discord.faults.push({ on: 'rest', method, path: pathLike(path), mode });
    },
  };
}

/** `/channels/{}/messages` fits the path of one such call, and of no longer one. */
function pathLike(shape: string): RegExp {
  return new RegExp(`^${shape.split('{}').map(RegExp.escape).join('[^/]+')}$`);
}

/** When a moment has not come after this, it does not come any more, ms. */
const restMs = 6000;

/** A gateway of its own process is killed there; another one takes over once it is dead. */
export const killed: Trouble = {
  what: 'the gateway is killed (kill -9), at each moment, and another takes over',
  // What only reads is answered by another gateway after 15 s.
  withinMs: 40_000,
  slow: true,
  at: /./,
  again: true,
  async begin(chat, platform, site) {
    const { setting } = chat;
    await setting.stopGateway();
    const mortal = await startActor(setting.configFile, { site, how: 'SIGKILL' }, 'gateway');
    chat.keep(mortal);
    await untilThere(chat, platform);
    return async () => {
      await Promise.race([mortal.ended, sleep(restMs, undefined, { ref: false })]);
      // What is edited when depends on how quick the rest is: not every moment comes by each time.
      await mortal.kill();
      chat.keep(await startGateway(setting.config));
      await untilThere(chat, platform);
    };
  },
};

/** Until the platform has somebody to bring things to. A session that a dead gateway held is taken over when its lease ends, after 15 s. */
async function untilThere({ slack, discord }: ChatSetting, platform: Platform): Promise<void> {
  if (platform === 'slack') await slack.until(() => slack.sockets > 0, 'a gateway on Slack', 30_000);
  else await discord.until(() => discord.gateway.connected() > 0, 'a gateway on Discord', 30_000);
}

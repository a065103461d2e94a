import { systemClock } from '#base/clock.ts';
import { sentence, UserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { Lead } from '#chat/lead.ts';
import type { MenuItem } from '#chat/menu.ts';
import type { ChatListener, ChatPlatform } from '#chat/platform.ts';
import type { Config } from './config.ts';

/** What adapters are given besides their settings. */
export interface Outfit {
  readonly menu: readonly MenuItem[];
  readonly lead: Lead;
  readonly log: Log;
}

/** The chat platforms of the configuration besides the console; the code of the others is never loaded. */
export async function openPlatforms({ slack, discord }: Config, outfit: Outfit): Promise<ChatPlatform[]> {
  const platforms: ChatPlatform[] = [];
  if (slack) platforms.push((await import('#chat/slack/slack.ts')).openSlack({ ...slack, ...outfit }));
  if (discord) platforms.push((await import('#chat/discord/discord.ts')).openDiscord({ ...discord, ...outfit }));
  return platforms;
}

const soonMs = 5000;
/** What a person has to put right first is looked at more seldom. */
const seldomMs = 60_000;

/**
 * Starts a platform, again and again until it is up: one that is away, or whose token is wrong, is no reason for the others to wait. `failed` is called when it
 * did not start; its health says why. Resolves when it is up, or the signal is aborted.
 */
export async function startPatiently(
  platform: ChatPlatform,
  { listener, log, failed }: { listener: ChatListener; log: Log; failed(): void },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      return await platform.start(listener);
    } catch (error) {
      if (signal.aborted) return;
      log.debug({ platform: platform.name, reason: sentence(error) }, 'a platform did not start');
      failed();
      await systemClock.sleep(error instanceof UserError ? seldomMs : soonMs, signal).catch(() => undefined);
    }
  }
}

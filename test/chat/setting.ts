import assert from 'node:assert/strict';
import { slackManifest } from '#bot/manifest.ts';
import type { Message } from '#lab/discord/message.ts';
import { textOf as discordText } from '#lab/discord/people/look.ts';
import { type DiscordLab, type DiscordOptions, startDiscord } from '#lab/discord/start.ts';
import { type SlackLab, type SlackOptions, startSlack } from '#lab/slack/start.ts';
import { type Setting, type SettingOptions, startSetting, type Written } from '../setting.ts';

export interface ChatOptions extends SettingOptions {
  readonly slack?: SlackOptions;
  readonly discord?: DiscordOptions;
  /** The bot's tokens as the configuration has them, where they are not those of the emulators. */
  readonly tokens?: { readonly slack?: string; readonly discord?: string };
  /** A platform that the bot will not get into, so that nobody waits for it; one with another token is such a one. */
  readonly absent?: 'slack' | 'discord';
  /** What happens there before the bot comes. */
  before?(slack: SlackLab, discord: DiscordLab): void;
}

/** The whole program around the simulated lab, an emulated Slack and an emulated Discord, with the console open. */
export interface ChatSetting extends AsyncDisposable {
  readonly setting: Setting;
  readonly slack: SlackLab;
  readonly discord: DiscordLab;
  /** The first message in Slack's `ops` that says this, now or soon. */
  onSlack(pattern: RegExp): Promise<ReturnType<SlackLab['messages']>[number]>;
  /** The same in Discord's `ops`. */
  onDiscord(pattern: RegExp): Promise<ReturnType<DiscordLab['messages']>[number]>;
  /** Presses a button on Discord that asks back, and says yes. */
  sureOnDiscord(user: string, message: Message, label: string): Promise<void>;
  /** Ends with the setting. */
  keep(part: AsyncDisposable): void;
  /** Fails when anything went over the wire that a vendor would not have taken. */
  assertLawful(): void;
}

/** Starts everything and waits until the bot is there on each platform whose token is right. */
export async function startChat(options: ChatOptions = {}): Promise<ChatSetting> {
  const { slack: slackOptions, discord: discordOptions, tokens = {}, absent, ...rest } = options;
  await using made = new AsyncDisposableStack();
  const slack = made.use(await startSlack({ manifest: slackManifest(undefined), ...slackOptions }));
  const discord = made.use(await startDiscord(discordOptions));
  options.before?.(slack, discord);
  const change: SettingOptions['change'] = (written, lab) => {
    const both: Written = {
      ...written,
      slack: {
        mode: 'socket',
        botToken: tokens.slack ?? slack.app.botToken,
        appToken: slack.app.appToken,
        apiUrl: slack.apiUrl,
      },
      discord: { token: tokens.discord ?? discord.token, guild: discord.guildId, apiUrl: discord.api },
    };
    return options.change?.(both, lab) ?? both;
  };
  const setting = made.use(await startSetting({ ...rest, change }));
  if (tokens.slack === undefined && absent !== 'slack')
    await slack.until(() => slack.sockets > 0, 'the bot on Slack', 10_000);
  if (tokens.discord === undefined && absent !== 'discord') {
    const there = () => discord.gateway.connected() > 0 && discord.world.commands.size > 0;
    await discord.until(there, 'the bot on Discord', 10_000);
  }
  const running = made.move();
  return {
    ...{ setting, slack, discord },
    onSlack: (pattern) =>
      slack.until(() => slack.messages('ops').find((one) => pattern.test(slack.textOf(one))), String(pattern), 10_000),
    onDiscord: (pattern) =>
      discord.until(
        () => discord.messages('ops').find((one) => pattern.test(discordText(one))),
        String(pattern),
        10_000,
      ),
    async sureOnDiscord(user, message, label) {
      const asked = await discord.user(user).press(message, label);
      assert(asked.message, `${label} asked nothing back: ${asked.what} ${asked.text}`);
      await discord.user(user).press(asked.message, label);
    },
    keep: (part) => void running.use(part),
    assertLawful() {
      assert.deepEqual(slack.violations, []);
      assert.deepEqual(discord.violations, []);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

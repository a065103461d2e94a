import { type APIApplication, type APIInteraction, Routes } from 'discord.js';
import { type Clock, systemClock } from '#base/clock.ts';
import { RemoteError, sentence, UserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { eachOnce } from '#chat/each-once.ts';
import type { Lead } from '#chat/lead.ts';
import type { MenuItem } from '#chat/menu.ts';
import type { ChatListener, ChatPlatform } from '#chat/platform.ts';
import { whereToken } from './errors.ts';
import { hear } from './hear/hear.ts';
import type { Ears } from './hear/met.ts';
import { openReplies } from './hear/replies.ts';
import { openShownForms } from './hear/shown-forms.ts';
import { registerCommands } from './register.ts';
import { fitCard } from './render/fit.ts';
import { userIn } from './render/markdown.ts';
import { openRest } from './rest.ts';
import { openRoles } from './roles.ts';
import { type Desk, editCard, postCard } from './send/post.ts';
import { openDirect, whisperCard } from './send/whisper.ts';
import { holdSession } from './session.ts';
import type { DiscordSettings } from './settings.ts';

export interface DiscordOptions extends DiscordSettings {
  readonly menu: readonly MenuItem[];
  /** Discord gives everything to every session of a bot, so one gateway at a time has one. */
  readonly lead: Lead;
  readonly log: Log;
  readonly clock?: Clock;
  /** How long the bot may take for an answer before Discord is told to wait, ms. */
  readonly patienceMs?: number;
}

/** After a session that could not be held, ms. */
const againMs = 10_000;
/** How long `start` waits to learn whether this process leads and has a session. */
const firstMs = 5000;

/** Discord: REST from every gateway, the session from the one that leads. Connects to nothing before it is started. */
export function openDiscord(options: DiscordOptions): ChatPlatform {
  const { token, guild, apiUrl, menu, lead, log, clock = systemClock, patienceMs = 2000 } = options;
  const rest = openRest({ token, apiUrl });
  const roles = openRoles({ rest, clock, log });
  const stopping = new AbortController();
  let application = '';
  let trouble: string | undefined = 'Discord is not connected yet.';
  let leading: Promise<void> | undefined;
  const replies = openReplies(rest, () => application);
  const desk: Desk = { rest, roles, self: () => application };
  const once = eachOnce(5000);

  /** Holds a session as long as this process leads; resolves `first` with what came of the first try. */
  async function session(ears: Ears, signal: AbortSignal, first: PromiseWithResolvers<void>): Promise<void> {
    const state = (now: string | undefined) => {
      trouble = now;
      if (now === undefined) first.resolve();
    };
    const interaction = (raw: APIInteraction, replayed: boolean) => {
      if (replayed) log.info({ interaction: raw.id }, 'an interaction from before a break is left alone');
      else void hear(ears, rest, raw);
    };
    while (!signal.aborted) {
      try {
        await registerCommands(rest, { application, guild, menu, log });
        await holdSession({ token, apiUrl, log, interaction, rolesChanged: roles.forget, state }, signal);
      } catch (error) {
        if (signal.aborted) return;
        trouble = told(error);
        if (error instanceof UserError) first.reject(error);
        log.error({ platform: 'discord' }, trouble);
        await clock.sleep(againMs, signal).catch(() => undefined);
      }
    }
  }

  return {
    name: 'discord',
    pace: {
      edits: { perMinute: 2400, burst: 20 },
      editsInChannel: { perMinute: 60, burst: 5 },
      postsInChannel: { perMinute: 60, burst: 5 },
      editableMs: 50 * 60_000,
      thread: 'notes',
    },
    async start(listener: ChatListener) {
      application = (await whoAmI()).id;
      const draw = (card: Parameters<typeof fitCard>[0]) => fitCard(card, roles.ids);
      const ears: Ears = { listener, menu, roles, replies, forms: openShownForms(), patienceMs, draw, log };
      const first = Promise.withResolvers<void>();
      // Another gateway may lead: then this one only sends, and that is all right.
      trouble = undefined;
      leading ??= lead('discord', (signal) => session(ears, signal, first), stopping.signal);
      await Promise.race([first.promise, clock.sleep(firstMs, stopping.signal).catch(() => undefined)]);
    },
    post: (place, card, posting) => postCard(desk, place, card, posting),
    edit: (ref, card) => editCard(desk, ref, card),
    whisper: (place, account, card, key) =>
      once(`${account}:${key}`, () => whisperCard(desk, replies, { place, account, card, key })),
    direct: (account) => openDirect(rest, account),
    groupsOf: async (account) => {
      const user = userIn(account);
      return guild && user ? roles.of(guild, user) : [];
    },
    health: () => (trouble === undefined ? { up: true } : { up: false, why: trouble }),
    async stop() {
      stopping.abort();
      await leading;
    },
  };

  /** The bot's application (GET /applications/@me). */
  async function whoAmI(): Promise<APIApplication> {
    try {
      return await rest.get<APIApplication>(Routes.currentApplication());
    } catch (error) {
      trouble = told(error);
      const refused = error instanceof RemoteError && error.hint === whereToken;
      throw refused ? new UserError(sentence(error), { hint: whereToken, cause: error }) : error;
    }
  }
}

const told = (error: unknown): string => {
  const hint = error instanceof UserError || error instanceof RemoteError ? error.hint : undefined;
  return hint ? `${sentence(error)} ${hint}` : sentence(error);
};

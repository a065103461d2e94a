import { type APIApplication, type APIInteraction, Routes } from 'discord.js';
import { type Clock, systemClock } from '#base/clock.ts';
import { type UserError, withHint } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { eachOnce } from '#chat/each-once.ts';
import type { Lead } from '#chat/lead.ts';
import type { MenuItem } from '#chat/menu.ts';
import type { Pace } from '#chat/pace.ts';
import type { ChatListener, ChatPlatform } from '#chat/platform.ts';
import { asMistake } from './errors.ts';
import { notOurs } from './hear/account.ts';
import { hear } from './hear/hear.ts';
import type { Ears } from './hear/met.ts';
import { openReplies } from './hear/replies.ts';
import { sealWith } from './hear/sealed.ts';
import { openShownForms } from './hear/shown-forms.ts';
import { keepSession } from './keep-session.ts';
import { keepPermissions } from './permissions.ts';
import { registerCommands } from './register.ts';
import { fitCard } from './render/fit.ts';
import { userIn } from './render/markdown.ts';
import { openRest } from './rest.ts';
import { openRoles } from './roles.ts';
import type { Desk } from './send/desk.ts';
import { editCard, postCard } from './send/post.ts';
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

/** How long `start` waits to learn whether this process leads, ms. */
const firstMs = 500;
/** As many whispers are known again; a gateway that starts anew knows none. */
const mostWhispers = 5000;

/** Discord documents no numbers: what people saw it take, with room left. */
const pace: Pace = {
  edits: { perMinute: 2400, burst: 20 },
  editsInChannel: { perMinute: 60, burst: 5 },
  postsInChannel: { perMinute: 60, burst: 5 },
  threadsApart: true,
  editableMs: 50 * 60_000,
  thread: 'notes',
};

/** Discord: REST from every gateway, the session from the one that leads. Connects to nothing before it is started. */
export function openDiscord(options: DiscordOptions): ChatPlatform {
  const { token, guild, apiUrl, menu, lead, log, clock = systemClock, patienceMs = 2000 } = options;
  const rest = openRest({ token, apiUrl });
  const roles = openRoles({ rest, guild, clock, log });
  const stopping = new AbortController();
  let application = '';
  let self = '';
  let trouble: string | undefined = 'it is not connected yet.';
  let lacks: string | undefined;
  let mistake: UserError | undefined;
  /** Settled when it is known what came of the first session. */
  let known = Promise.withResolvers<void>();
  let leading: Promise<void> | undefined;
  let leads = false;
  const seal = sealWith(token);
  const replies = openReplies(rest, () => application, seal);
  const desk: Desk = { rest, roles, self: () => self, threadless: new Set(), now: () => clock.now() };
  const once = eachOnce(mostWhispers);

  function failed(error: unknown): void {
    mistake = asMistake(error);
    trouble = withHint(mistake ?? error);
    if (mistake) known.resolve();
  }

  function state(now: string | undefined): void {
    trouble = now;
    if (now !== undefined) return;
    mistake = undefined;
    known.resolve();
  }

  /** While this process leads. */
  async function session(ears: Ears, signal: AbortSignal): Promise<void> {
    trouble = 'it is being connected.';
    leads = true;
    if (guild) void keepPermissions({ rest, guild, self, clock, log }, (now) => (lacks = now), signal);
    const interaction = (raw: APIInteraction) => void hear(ears, rest, raw);
    await keepSession(
      {
        prepare: () => registerCommands(rest, { application, guild, menu, log }),
        hold: () => holdSession({ token, apiUrl, guild, roles, clock, log, interaction, state }, signal),
        failed,
      },
      clock,
      signal,
    );
    // Another gateway hears people now; this one still sends.
    leads = false;
    lacks = undefined;
    trouble = undefined;
    known.resolve();
  }

  return {
    name: 'discord',
    pace,
    async start(listener: ChatListener) {
      try {
        const found = await rest.get<APIApplication>(Routes.currentApplication());
        application = found.id;
        self = found.bot?.id ?? found.id;
      } catch (error) {
        failed(error);
        throw asMistake(error) ?? error;
      }
      const draw: Ears['draw'] = (card) => fitCard(card, roles.ids);
      const { seal: sealed } = seal;
      const ears: Ears = {
        listener,
        menu,
        guild,
        roles,
        replies,
        sealed,
        forms: openShownForms(),
        patienceMs,
        draw,
        log,
      };
      known = Promise.withResolvers();
      if (!leading) trouble = undefined;
      leading ??= lead('discord', (signal) => session(ears, signal), stopping.signal);
      const here = new AbortController();
      const waited = systemClock.sleep(firstMs, AbortSignal.any([stopping.signal, here.signal])).catch(() => undefined);
      await Promise.race([known.promise, waited]).finally(() => here.abort());
      // Where another gateway leads this one only sends, and that is all right.
      if (leads) await known.promise;
      if (mistake) throw mistake;
    },
    post: (place, card, posting) => postCard(desk, place, card, posting),
    edit: (ref, card) => editCard(desk, ref, card),
    whisper: (place, account, card, whispering) =>
      once(`${account}:${whispering.key}`, () =>
        whisperCard(desk, replies, clock, { place, account, card, whispering }),
      ),
    direct: (account) => openDirect(rest, account),
    async outsideOf(account) {
      const user = userIn(account);
      const there = user !== undefined && (await roles.of(user)) !== undefined;
      return there ? undefined : notOurs;
    },
    async groupsOf(account) {
      const user = userIn(account);
      return user === undefined ? [] : ((await roles.of(user)) ?? []);
    },
    health() {
      if (trouble !== undefined) return { up: false, why: trouble };
      return lacks === undefined ? { up: true } : { up: true, but: lacks };
    },
    async stop() {
      stopping.abort();
      known.resolve();
      await leading;
      rest.close();
      trouble = 'it was stopped.';
    },
  };
}

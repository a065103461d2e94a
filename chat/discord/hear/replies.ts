import { type APIInteraction, InteractionResponseType, MessageFlags, Routes } from 'discord.js';
import { RemoteError } from '#base/errors.ts';
import type { Rest, Sending } from '../rest.ts';
import { userOf } from './account.ts';

/** An interaction whose token still lets its author be told something that nobody else sees. */
export interface Reply {
  readonly id: string;
  /** The one whom its private answers reach. */
  readonly account: string;
  readonly channel: string;
  /** Whether it has its first answer. */
  readonly answered: boolean;
  /** Answers it for the first time (POST /interactions/{id}/{token}/callback): only once, and within three seconds. */
  answer(type: InteractionResponseType, data?: object): Promise<void>;
  /** Says something privately, in the place of "thinking" when that is what stands there. False when it was never answered, so nothing more can be said. */
  whisper(message: object, files?: Sending['files']): Promise<boolean>;
  /** No first answer will come any more. */
  close(): void;
}

/** How it was answered first; that decides how more is said. */
type First = 'nothing' | 'thinking' | 'said';

/** Discord lets a token live for 15 minutes. */
const tokenMs = 14.5 * 60_000;
const mostKept = 500;

/** The interactions that can still be answered. They stand in this process only: Discord gives their tokens to one. */
export interface Replies {
  /** What is delivered twice is one: whichever comes through first is its answer. */
  open(interaction: APIInteraction): Reply;
  /** The one with this id; otherwise the latest of this person in this channel. */
  find(account: string, channel: string, id: string): Reply | undefined;
}

export const hidden = MessageFlags.Ephemeral | MessageFlags.IsComponentsV2;

export function openReplies(rest: Rest, application: () => string): Replies {
  const kept: { readonly reply: Reply; readonly until: number }[] = [];
  return {
    open(interaction) {
      const earlier = kept.find(({ reply }) => reply.id === interaction.id);
      if (earlier) return earlier.reply;
      const reply = openReply(rest, application, interaction);
      kept.push({ reply, until: performance.now() + tokenMs });
      if (kept.length > mostKept) kept.shift();
      return reply;
    },
    find(account, channel, id) {
      const alive = kept.filter(({ until }) => until > performance.now()).map(({ reply }) => reply);
      const own = alive.filter((reply) => reply.account === account);
      return own.find((reply) => reply.id === id) ?? own.findLast((reply) => reply.channel === channel);
    },
  };
}

const firstOf = (type: InteractionResponseType): First =>
  type === InteractionResponseType.DeferredChannelMessageWithSource ? 'thinking' : 'said';

function openReply(rest: Rest, application: () => string, interaction: APIInteraction): Reply {
  const { id, token } = interaction;
  let first: First = 'nothing';
  let answering: Promise<unknown> | undefined;
  const settled = Promise.withResolvers<void>();
  return {
    id,
    account: `discord:${userOf(interaction).id}`,
    channel: interaction.channel?.id ?? '',
    get answered() {
      return first !== 'nothing';
    },
    async answer(type, data) {
      try {
        const body = { type, ...(data === undefined ? {} : { data }) };
        if (answering) return void (await answering);
        answering = rest.post(Routes.interactionCallback(id, token), body, { auth: false });
        await answering;
        first = firstOf(type);
      } catch (error) {
        answering = undefined;
        // It may have got through: then "thinking" stands there, and what is said next takes its place.
        if (error instanceof RemoteError && error.outcome === 'unknown') first = firstOf(type);
        throw error;
      } finally {
        settled.resolve();
      }
    },
    async whisper(message, files = []) {
      await settled.promise;
      if (first === 'nothing') return false;
      const sending = { auth: false, files };
      if (first === 'said') {
        await rest.post(Routes.webhook(application(), token), { ...message, flags: hidden }, sending);
        return true;
      }
      first = 'said';
      const body = { ...message, flags: MessageFlags.IsComponentsV2 };
      try {
        await rest.patch(Routes.webhookMessage(application(), token), body, sending);
      } catch (error) {
        first = 'thinking';
        throw error;
      }
      return true;
    },
    close: settled.resolve,
  };
}

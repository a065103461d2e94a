import { type APIInteraction, InteractionResponseType, MessageFlags, Routes } from 'discord.js';
import { RemoteError } from '#base/errors.ts';
import type { Rest, Sending } from '../rest.ts';
import { userOf } from './account.ts';
import type { Seal } from './sealed.ts';

/** An interaction whose token still lets its author be told something that nobody else sees. */
export interface Reply {
  readonly id: string;
  /** The one whom its private answers reach. */
  readonly account: string;
  readonly channel: string;
  /** Whether it has its first answer. */
  readonly answered: boolean;
  /** Whether what is whispered next takes the place of "thinking", or of itself when it stands there: saying it again changes nothing. */
  readonly replaces: boolean;
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

/** The interactions that can still be answered. Discord gives their tokens to one process; another one may be told a token, sealed. */
export interface Replies {
  /** What is delivered twice is one: whichever comes through first is its answer. */
  open(interaction: APIInteraction): Reply;
  /** Those that an answer to this interaction may be an answer to, best first: itself, then the latest of this person in this channel. */
  find(account: string, channel: string, id: string, sealed?: string): Reply[];
}

export const hidden = MessageFlags.Ephemeral | MessageFlags.IsComponentsV2;

export function openReplies(rest: Rest, application: () => string, { open }: Seal): Replies {
  const kept: { readonly reply: Reply; readonly until: number }[] = [];
  return {
    open(interaction) {
      const earlier = kept.find(({ reply }) => reply.id === interaction.id);
      if (earlier) return earlier.reply;
      const reply = openReply(rest, application, namesOf(interaction), 'nothing');
      kept.push({ reply, until: performance.now() + tokenMs });
      if (kept.length > mostKept) kept.shift();
      return reply;
    },
    find(account, channel, id, sealed = '') {
      const alive = kept.filter(({ until }) => until > performance.now()).map(({ reply }) => reply);
      const own = alive.filter((reply) => reply.account === account);
      const token = open(sealed);
      // A gateway that is gone had Discord wait for the answer, or that answer stands there and is replaced by itself.
      const heirs =
        token === undefined ? [] : [openReply(rest, application, { id, token, account, channel }, 'thinking')];
      const itself = own.find((reply) => reply.id === id) ?? heirs[0];
      const latest = own.findLast((reply) => reply.channel === channel && reply.id !== id);
      return [itself, latest].filter((reply) => reply !== undefined);
    },
  };
}

type Names = Pick<Reply, 'id' | 'account' | 'channel'> & { readonly token: string };

function namesOf(interaction: APIInteraction): Names {
  const { id, token, channel } = interaction;
  return { id, token, account: `discord:${userOf(interaction).id}`, channel: channel?.id ?? '' };
}

const firstOf = (type: InteractionResponseType): First =>
  type === InteractionResponseType.DeferredChannelMessageWithSource ? 'thinking' : 'said';

function openReply(rest: Rest, application: () => string, { token, ...names }: Names, so: First): Reply {
  let first = so;
  let answering: Promise<unknown> | undefined;
  const settled = Promise.withResolvers<void>();
  if (so !== 'nothing') settled.resolve();
  return {
    ...names,
    get answered() {
      return first !== 'nothing';
    },
    get replaces() {
      return first === 'thinking';
    },
    async answer(type, data) {
      try {
        const body = { type, ...(data === undefined ? {} : { data }) };
        if (answering) return void (await answering);
        answering = rest.post(Routes.interactionCallback(names.id, token), body, { auth: false });
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

import { type APIInteraction, InteractionResponseType, MessageFlags, Routes } from 'discord.js';
import type { Rest, Sending } from '../rest.ts';

/** How an interaction was answered first; that decides what else can be said to its author. */
type First = 'nothing' | 'waits' | 'said';

/** An interaction whose token still lets its author be told something that nobody else sees. */
export interface Reply {
  readonly id: string;
  /** The one whom its private answers reach. */
  readonly account: string;
  readonly channel: string;
  /** Whether it has its first answer. */
  readonly answered: boolean;
  /** Answers it for the first time; only once, and within three seconds. */
  answer(type: InteractionResponseType, data?: object): Promise<void>;
  /** Says something privately: in the place of "thinking" when that is what stands there. */
  whisper(message: object, files: Sending['files']): Promise<void>;
}

const tokenMs = 14.5 * 60_000;
const mostKept = 500;

/** The interactions that can still be answered. They stand in this process only: Discord gives their tokens to one. */
export interface Replies {
  open(interaction: APIInteraction, account: string): Reply;
  /** The one with this id; otherwise the latest of this person in this channel. */
  find(account: string, channel: string, id: string): Reply | undefined;
}

export const hidden = MessageFlags.Ephemeral | MessageFlags.IsComponentsV2;

export function openReplies(rest: Rest, application: () => string): Replies {
  const kept: { readonly reply: Reply; readonly until: number }[] = [];

  function open(interaction: APIInteraction, account: string): Reply {
    const { id, token } = interaction;
    let first: First = 'nothing';
    const answered = Promise.withResolvers<void>();
    const reply: Reply = {
      ...{ id, account },
      channel: interaction.channel?.id ?? '',
      get answered() {
        return first !== 'nothing';
      },
      async answer(type, data) {
        try {
          const body = { type, ...(data === undefined ? {} : { data }) };
          await rest.post(Routes.interactionCallback(id, token), body, { auth: false });
          first = type === InteractionResponseType.DeferredChannelMessageWithSource ? 'waits' : 'said';
        } finally {
          answered.resolve();
        }
      },
      async whisper(message, files) {
        await answered.promise;
        const body = { ...message, flags: hidden };
        const sending = { auth: false, ...(files ? { files } : {}) };
        if (first === 'waits') {
          first = 'said';
          await rest.patch(
            Routes.webhookMessage(application(), token),
            { ...message, flags: MessageFlags.IsComponentsV2 },
            sending,
          );
        } else {
          await rest.post(Routes.webhook(application(), token), body, sending);
        }
      },
    };
    kept.push({ reply, until: performance.now() + tokenMs });
    if (kept.length > mostKept) kept.shift();
    return reply;
  }

  return {
    open,
    find(account, channel, id) {
      const alive = kept.filter(({ until }) => until > performance.now()).map(({ reply }) => reply);
      const own = alive.filter((reply) => reply.account === account);
      return own.find((reply) => reply.id === id) ?? own.findLast((reply) => reply.channel === channel);
    },
  };
}

import type { ZodMiniType } from 'zod/mini';
import { answers } from '../rules/schemas.ts';

/** Events whose payload is an object of the published schema. For the others nothing is published. */
export const eventShapes: Readonly<Record<string, ZodMiniType>> = {
  MESSAGE_CREATE: answers.message,
  MESSAGE_UPDATE: answers.message,
  THREAD_CREATE: answers.thread,
  THREAD_UPDATE: answers.thread,
  CHANNEL_UPDATE: answers.channel,
  GUILD_CREATE: answers.guild,
};

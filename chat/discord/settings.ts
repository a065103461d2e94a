import { z } from 'zod';
import { noPlaceholder } from '#base/placeholder.ts';

const Snowflake = z.string().regex(/^\d{15,21}$/, 'must be an id of Discord: a number of 15 to 21 digits');

/** The `discord:` part of the configuration. Where each value is found: `docs/discord.md`. */
export const DiscordSettings = z.strictObject({
  /** Under Bot, Token. */
  token: z
    .string()
    .min(20)
    .refine(...noPlaceholder),
  /** The server whose members use it, and whose roles count. Its commands change at once; without one they are registered everywhere, which takes up to an hour, no roles count, and only accounts that the configuration names are let in. */
  guild: Snowflake.optional(),
  /** Another address of Discord's API, as the lab has. */
  apiUrl: z.url().default('https://discord.com/api'),
});
export type DiscordSettings = z.infer<typeof DiscordSettings>;

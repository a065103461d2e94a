import { z } from 'zod';
import { noPlaceholder } from '#base/placeholder.ts';

/** The `slack:` part of the configuration. Where each value is found: `docs/slack.md`. */
export const SlackSettings = z
  .strictObject({
    /** `socket`: the bot calls Slack and needs no address of its own. `http`: Slack calls the bot, which needs a public one. */
    mode: z.enum(['socket', 'http']).default('socket'),
    /** "Bot User OAuth Token", under OAuth & Permissions. */
    botToken: z
      .string()
      .startsWith('xoxb-', 'must be the Bot User OAuth Token, which begins with xoxb-')
      .refine(...noPlaceholder),
    /** Under Basic Information, App-Level Tokens; with the scope connections:write. For `mode: socket`. */
    appToken: z
      .string()
      .startsWith('xapp-', 'must be an app-level token, which begins with xapp-')
      .refine(...noPlaceholder)
      .optional(),
    /** Under Basic Information, App Credentials. For `mode: http`. */
    signingSecret: z
      .string()
      .min(16)
      .refine(...noPlaceholder)
      .optional(),
    /** Where Slack's calls arrive, behind a proxy that speaks HTTPS; for `mode: http`. */
    host: z.string().default('127.0.0.1'),
    port: z.int().min(0).max(65535).default(3000),
    /** The public address of the bot, for the manifest: `https://bot.example.com`. */
    url: z.url().optional(),
    /** Stands before each slash command when another app has the same names: `pve-` makes `/pve-vm`. */
    prefix: z
      .string()
      .regex(/^[a-z0-9_-]{0,12}$/, 'must be at most 12 lower-case letters, digits, - or _')
      .default(''),
    /** Other workspaces whose people count as your own: `T012AB3CD`. Anybody else's are refused. */
    workspaces: z
      .array(z.string().regex(/^[TE][A-Z0-9]+$/, 'must be the id of a workspace, such as T012AB3CD'))
      .default([]),
    /** Another address of Slack's API, as the lab has. */
    apiUrl: z.url().default('https://slack.com/api/'),
  })
  .superRefine(({ mode, appToken, signingSecret }, context) => {
    if (mode === 'socket' && appToken === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['appToken'],
        message: 'is needed with mode: socket; make one under Basic Information, App-Level Tokens',
      });
    }
    if (mode === 'http' && signingSecret === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['signingSecret'],
        message: 'is needed with mode: http; it stands under Basic Information, App Credentials',
      });
    }
  });
export type SlackSettings = z.infer<typeof SlackSettings>;

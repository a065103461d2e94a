import * as spec from 'discord-api-spec/zod';
import * as z from 'zod/mini';
import { shape } from './check.ts';
import { withOffsets } from './strict.ts';

/** What the vendor publishes about what goes in. */
export const requests = {
  messageCreate: shape(spec.MessageCreateRequestSchema),
  messageEdit: shape(spec.MessageEditRequestPartialSchema),
  followUp: shape(spec.IncomingWebhookRequestPartialSchema),
  followUpEdit: shape(spec.IncomingWebhookUpdateRequestPartialSchema),
  // discord.js sends the `type` of threads without a message here too.
  threadFromMessage: shape(
    z.union([spec.CreateTextThreadWithMessageRequestSchema, spec.CreateTextThreadWithoutMessageRequestSchema]),
  ),
  threadEdit: shape(spec.UpdateThreadRequestPartialSchema),
  direct: shape(spec.CreatePrivateChannelRequestSchema),
  command: shape(spec.ApplicationCommandCreateRequestSchema),
  commandEdit: shape(spec.ApplicationCommandPatchRequestPartialSchema),
  commands: shape(z.array(spec.ApplicationCommandUpdateRequestSchema)),
} as const;

/** By the callback's type. */
export const callbacks = {
  4: shape(spec.CreateMessageInteractionCallbackRequestSchema),
  5: shape(spec.CreateMessageInteractionCallbackRequestSchema),
  6: shape(spec.UpdateMessageInteractionCallbackRequestSchema),
  7: shape(spec.UpdateMessageInteractionCallbackRequestSchema),
  8: shape(spec.ApplicationCommandAutocompleteCallbackRequestSchema),
  9: shape(spec.ModalInteractionCallbackRequestSchema),
} as const;

/** And about what comes out. */
export const answers = {
  gateway: withOffsets(spec.GatewayResponseSchema),
  gatewayBot: withOffsets(spec.GatewayBotResponseSchema),
  application: withOffsets(spec.PrivateApplicationResponseSchema),
  user: withOffsets(spec.UserResponseSchema),
  self: withOffsets(spec.UserPIIResponseSchema),
  guild: withOffsets(spec.GuildResponseSchema),
  member: withOffsets(spec.GuildMemberResponseSchema),
  role: withOffsets(spec.GuildRoleResponseSchema),
  roles: withOffsets(z.array(spec.GuildRoleResponseSchema)),
  channel: withOffsets(
    z.union([spec.GuildChannelResponseSchema, spec.ThreadResponseSchema, spec.PrivateChannelResponseSchema]),
  ),
  channels: withOffsets(z.array(spec.GuildChannelResponseSchema)),
  direct: withOffsets(spec.PrivateChannelResponseSchema),
  thread: withOffsets(spec.ThreadResponseSchema),
  message: withOffsets(spec.MessageResponseSchema),
  messages: withOffsets(z.array(spec.MessageResponseSchema)),
  command: withOffsets(spec.ApplicationCommandResponseSchema),
  commands: withOffsets(z.array(spec.ApplicationCommandResponseSchema)),
  callback: withOffsets(spec.InteractionCallbackResponseSchema),
  // Its `errors` are published with numbers as codes; the service sends names there.
  error: withOffsets(spec.ErrorSchema),
  rateLimited: withOffsets(spec.RatelimitedResponseSchema),
} as const;

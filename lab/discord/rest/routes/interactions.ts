import { answerInteraction, type Callback, replyPlace } from '../../answers.ts';
import { DiscordError, StatusError } from '../../error.ts';
import type { Interaction } from '../../interaction.ts';
import type { Message } from '../../message.ts';
import { changeMessage, type MessageBody, removeMessage, writeMessage } from '../../messages.ts';
import { checkRequest } from '../../rules/check.ts';
import { flags } from '../../rules/message.ts';
import { answers, callbacks, requests } from '../../rules/schemas.ts';
import { showMessage } from '../../show/message.ts';
import type { World } from '../../world.ts';
import { type Asking, part, type Route } from '../route.ts';

const fivePerTwoSeconds = { limit: 5, perMs: 2_000 };

/** Answers to interactions: by their own token, not by the bot's. */
export const interactionRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/interactions/{interaction}/{token}/callback',
    access: 'open',
    bucket: 'none',
    answer: answers.callback,
    run: answer,
  },
  {
    method: 'POST',
    path: '/webhooks/{application}/{token}',
    access: 'open',
    bucket: fivePerTwoSeconds,
    request: requests.followUp,
    answer: answers.message,
    run: followUp,
  },
  {
    method: 'GET',
    path: '/webhooks/{application}/{token}/messages/{message}',
    access: 'open',
    bucket: fivePerTwoSeconds,
    answer: answers.message,
    run: (asking) => showMessage(asking.world, own(asking, byToken(asking))),
  },
  {
    method: 'PATCH',
    path: '/webhooks/{application}/{token}/messages/{message}',
    access: 'open',
    bucket: fivePerTwoSeconds,
    request: requests.followUpEdit,
    answer: answers.message,
    run: (asking) => {
      const { world, where, body, files } = asking;
      const message = own(asking, byToken(asking));
      changeMessage(world, message, { where, body: body as MessageBody, files });
      return showMessage(world, message);
    },
  },
  {
    method: 'DELETE',
    path: '/webhooks/{application}/{token}/messages/{message}',
    access: 'open',
    bucket: fivePerTwoSeconds,
    run: (asking) => removeMessage(asking.world, own(asking, byToken(asking))),
  },
];

function answer(asking: Asking): unknown {
  const { world, where, files, query } = asking;
  const found = world.interactions.get(part(asking, 'interaction'));
  const interaction = found?.token === part(asking, 'token') ? found : undefined;
  const callback = asking.body as Callback;
  const wanted = callbacks[callback.type];
  if (!wanted) throw new StatusError(400, 'Invalid Form Body', 50035);
  checkRequest(world, where, wanted, callback);
  const message = answerInteraction(world, interaction, callback, { where, files });
  if (query.get('with_response') !== 'true' || !interaction) return undefined;
  return showAnswer(world, interaction, callback.type, message);
}

function showAnswer(world: World, interaction: Interaction, type: number, message: Message | undefined): unknown {
  const hidden = ((message?.flags ?? 0) & flags.ephemeral) !== 0;
  return {
    interaction: {
      id: interaction.id,
      type: interaction.type,
      ...(message
        ? {
            response_message_id: message.id,
            response_message_loading: (message.flags & flags.loading) !== 0,
            response_message_ephemeral: hidden,
          }
        : {}),
      channel_id: interaction.channelId,
      guild_id: world.guild.id,
    },
    // A deferred answer has a message too: the one that says "thinking".
    ...(message ? { resource: { type: type === 5 ? 4 : type, message: showMessage(world, message) } } : {}),
  };
}

/** A further message. The first one after a deferred answer takes the place of "thinking". */
function followUp(asking: Asking): unknown {
  const { world, where, files } = asking;
  const body = asking.body as MessageBody;
  const interaction = byToken(asking);
  const original = world.messages.get(interaction.originalId ?? '');
  if (original && (original.flags & flags.loading) !== 0) {
    changeMessage(world, original, { where, body, files });
    return showMessage(world, original);
  }
  return showMessage(world, writeMessage(world, replyPlace(world, interaction, body), { where, body, files }));
}

/** 10015 for a token that belongs to nothing answered yet, 50027 a quarter of an hour after it was given out. */
function byToken(asking: Asking): Interaction {
  const { world } = asking;
  const token = part(asking, 'token');
  const interaction = [...world.interactions.values()].find((one) => one.token === token);
  if (!interaction?.answer || part(asking, 'application') !== world.application.id) throw new DiscordError(10015);
  if (world.clock.now() - interaction.createdAt > world.settings.tokenMs) throw new DiscordError(50027);
  return interaction;
}

/** A message of this interaction: the original, or a follow-up. */
function own({ world, path }: Asking, interaction: Interaction): Message {
  const id = path.message === '@original' ? interaction.originalId : path.message;
  const message = world.messages.get(id ?? '');
  const mine = message?.id === interaction.originalId || message?.interactionId === interaction.id;
  if (!message || !mine) throw new DiscordError(10008);
  return message;
}

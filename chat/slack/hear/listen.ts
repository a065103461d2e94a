import type { App } from '@slack/bolt';
import { deliveryIn } from '../delivery.ts';
import { formId, valueId } from '../modal.ts';
import { hearCommand } from './command.ts';
import type { Ears } from './ears.ts';
import { hearSubmit, hearWanted, type SlackSubmit, type SlackWanted } from './form.ts';
import { hearDirect, hearMention, type SlackMessage } from './message.ts';
import { hearPress, type SlackPress } from './press.ts';

/** Tells Bolt who hears what. Payloads come from Slack itself, over its socket or signed; Bolt's types of them are wider than what is used. */
export function listen(app: App, ears: Ears): void {
  app.command(/.*/, ({ command, context }) => hearCommand(ears, command, deliveryIn(context)));
  app.action(/.*/, ({ body, context }) => hearPress(ears, body as unknown as SlackPress, deliveryIn(context)));
  app.view(formId, ({ body, context }) => hearSubmit(ears, body as unknown as SlackSubmit, deliveryIn(context)));
  app.options(valueId, ({ body, context }) => hearWanted(ears, body as unknown as SlackWanted, deliveryIn(context)));
  app.event('app_mention', ({ event, body, context }) =>
    hearMention(ears, body.event_id, event as unknown as SlackMessage, deliveryIn(context)),
  );
  app.event('message', ({ event, body, context }) =>
    hearDirect(ears, body.event_id, event as unknown as SlackMessage, deliveryIn(context)),
  );
  app.event('app_home_opened', async ({ event }) => {
    if (event.tab === 'home') ears.home.opened(event.user);
  });
  app.event(/^subteam_/, async ({ context }) => {
    await deliveryIn(context).acknowledge();
    await ears.directory.refreshGroups();
  });
  app.event('tokens_revoked', async ({ event }) => {
    if (event.tokens.bot?.length) ears.condition.wrong('token', gone);
  });
  app.event('app_uninstalled', async () => ears.condition.wrong('token', gone));
  app.error(async (error) => ears.log.error({ err: error }, 'a bug in hearing Slack'));
}

const gone =
  'The Slack app was removed from the workspace, or its token was revoked: install it again at api.slack.com/apps, and copy the new token to slack.botToken.';

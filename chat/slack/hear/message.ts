import { sentence, UserError } from '#base/errors.ts';
import { isForm } from '#chat/form.ts';
import type { Account, Place } from '#chat/platform.ts';
import type { Delivery } from '../delivery.ts';
import { asLine, unwrap } from '../unwrap.ts';
import { notTaken, offerForm, tellAside } from './aside.ts';
import type { Ears } from './ears.ts';

/** A message to the bot: a mention, or a direct message. */
export interface SlackMessage {
  readonly user?: string;
  readonly text?: string;
  readonly ts: string;
  readonly thread_ts?: string;
  readonly channel: string;
  readonly channel_type?: string;
  readonly subtype?: string;
  readonly bot_id?: string;
  readonly username?: string;
  readonly bot_profile?: { readonly name?: string };
  readonly edited?: unknown;
  /** The workspace of who wrote it, when that is another one. */
  readonly user_team?: string;
}

/** How often Slack brings an event again. */
const mostRetries = 3;

/** `@botswain vm list`, in a thread too. */
export async function hearMention(ears: Ears, id: string, message: SlackMessage, delivery: Delivery): Promise<void> {
  // A direct message with a mention comes as a direct message as well.
  if (message.channel.startsWith('D')) return;
  await hear(ears, id, message, delivery);
}

export async function hearDirect(ears: Ears, id: string, message: SlackMessage, delivery: Delivery): Promise<void> {
  if (message.channel_type !== 'im' || (message.subtype ?? 'file_share') !== 'file_share') return;
  await hear(ears, id, message, delivery);
}

async function hear(ears: Ears, id: string, message: SlackMessage, delivery: Delivery): Promise<void> {
  const { directory, listener } = ears;
  if (message.bot_id && message.user !== ears.self) return hearBot(ears, id, message, delivery);
  const { user, channel, ts, thread_ts: thread, user_team: team, text = '' } = message;
  if (!user || message.bot_id || message.edited) return;
  const place: Place = { platform: 'slack', channel, ...(thread === undefined ? {} : { thread }) };
  const line = asLine(unwrap(afterMention(text, ears.self), directory.nameOf));
  try {
    const heard = await listener.command({ id, place, by: await directory.account(user, { team }), text: line });
    await delivery.acknowledge();
    await seen(ears, channel, ts);
    if (isForm(heard)) await tellAside(ears, place, user, offerForm(line));
  } catch (error) {
    ears.log.warn({ err: error }, 'a message was not kept');
    // Slack brings it again, until it gives up; what the person has to change is not better the next time.
    if (!(error instanceof UserError) && delivery.retries < mostRetries) delivery.withhold();
    else {
      await delivery.acknowledge();
      await tellAside(ears, place, user, notTaken(ears, error, line));
    }
  }
  await directory.learn(user);
}

/**
 * A mention by an app or a workflow. It is let in only when the configuration names it; otherwise it is told why not in its
 * thread, which is all that somebody who set it up can read.
 */
async function hearBot(ears: Ears, id: string, message: SlackMessage, delivery: Delivery): Promise<void> {
  const { bot_id: bot = '', channel, ts, thread_ts: thread = ts, text = '', edited } = message;
  if (edited || channel.startsWith('D')) return;
  const by: Account = {
    account: `slack:${ears.team}:${bot}`,
    name: message.bot_profile?.name ?? message.username ?? bot,
    groups: [],
    outside: 'you are a bot or a workflow',
  };
  const line = asLine(unwrap(afterMention(text, ears.self), ears.directory.nameOf));
  try {
    await ears.listener.command({ id, place: { platform: 'slack', channel, thread }, by, text: line });
    await delivery.acknowledge();
  } catch (error) {
    ears.log.warn({ err: error }, 'what a bot said was not kept');
    delivery.withhold();
  }
}

/** What stands after the first mention of the bot; all of it when there is none. */
function afterMention(text: string, self: string): string {
  const mention = new RegExp(`<@${self}(\\|[^>]*)?>`).exec(text);
  return mention ? text.slice(mention.index + mention[0].length) : text;
}

/** Shows that a message was heard (reactions.add): unlike a slash command it gets no answer of its own. */
async function seen({ condition, clients, log }: Ears, channel: string, timestamp: string): Promise<void> {
  try {
    await condition.call(() => clients.api.reactions.add({ channel, timestamp, name: 'eyes' }));
  } catch (error) {
    log.debug({ reason: sentence(error) }, 'a message was heard but not marked');
  }
}

import { isForm } from '#chat/form.ts';
import type { Heard, Place } from '#chat/platform.ts';
import type { Delivery } from '../delivery.ts';
import { pressed } from '../render/buttons.ts';
import { notTaken, notYet, tellAside, typedId } from './aside.ts';
import type { Ears } from './ears.ts';
import { inTime } from './in-time.ts';
import { showForm } from './show-form.ts';

/** What Slack sends when a button is pressed, as far as it is used. */
export interface SlackPress {
  readonly trigger_id: string;
  readonly user: { readonly id: string; readonly name?: string; readonly username?: string; readonly team_id?: string };
  readonly channel?: { readonly id: string };
  readonly container?: { readonly channel_id?: string; readonly thread_ts?: string; readonly message_ts?: string };
  readonly message?: { readonly ts?: string; readonly thread_ts?: string };
  readonly view?: { readonly type?: string };
  readonly actions: readonly { readonly action_id: string; readonly value?: string }[];
}

/** A press of a button on a card or on the home tab. A button that opens a page is only acknowledged. */
export async function hearPress(ears: Ears, press: SlackPress, delivery: Delivery): Promise<void> {
  const [action] = press.actions;
  const { directory, listener, clock, home } = ears;
  const token = action?.value;
  const typed = action?.action_id === typedId;
  if (token === undefined || !(typed || action?.action_id.startsWith(pressed))) return delivery.acknowledge();
  const { trigger_id: id, user } = press;
  const place = placeOf(press);
  const by = await directory.account(user.id, { name: user.name ?? user.username, team: user.team_id });
  const work: Promise<Heard> = typed
    ? listener.command({ id, place, by, text: token })
    : listener.press({ id, place, by, token });
  const came = await inTime(work, clock);
  await delivery.acknowledge();
  try {
    if ('late' in came) await tellAside(ears, place, user.id, notYet(ears, typed ? token : undefined));
    if ('failed' in came) throw came.failed;
    const heard = 'late' in came ? await came.late : came.heard;
    if (isForm(heard))
      await showForm(ears, heard, { trigger: id, place, user: user.id, line: typed ? token : undefined });
  } catch (error) {
    ears.log.warn({ err: error }, 'a press was not kept');
    await tellAside(ears, place, user.id, notTaken(ears, error, typed ? token : undefined));
  }
  if (press.view?.type === 'home') home.pressed(user.id);
  await directory.learn(user.id);
}

/** Where the button stands: its message's thread, if that is in one. On the home tab there is no channel but the person. */
function placeOf({ channel, container, message, user }: SlackPress): Place {
  const id = channel?.id ?? container?.channel_id ?? user.id;
  const thread = message?.thread_ts ?? container?.thread_ts;
  const own = message?.ts ?? container?.message_ts;
  const inThread = thread !== undefined && thread !== own;
  return { platform: 'slack', channel: id, ...(inThread ? { thread } : {}) };
}

import { makeDelivery } from '../deliver/delivery.ts';
import { aboutWho, newResponseUrl, newTrigger } from '../deliver/payload.ts';
import type { Block, Message } from '../message.ts';
import { elementsIn } from '../rules/blocks.ts';
import { showMessage } from '../show/message.ts';
import { showView } from '../show/view.ts';
import { labelOf } from '../text/text-of.ts';
import type { View } from '../view.ts';
import type { World } from '../world.ts';
import { ClientRefusal } from './refusal.ts';
import { type Dialog, type Shown, shown } from './shown.ts';

/** Where something is pressed. */
export type Surface = { readonly message: Message } | { readonly view: View };

export interface Pressing {
  /** What they do when asked whether they are sure; yes by default. */
  readonly sure?: boolean;
  /** What is picked in a list or a menu. */
  readonly picked?: Readonly<Record<string, unknown>>;
  /** The block in which it stands, when there are several of that name. */
  readonly block?: string;
}

/** The element with this label, `action_id` or `value`. Throws with what there is. */
export function elementAt(blocks: readonly Block[], label: string, within?: string): { block: Block; element: Block } {
  const here = within === undefined ? blocks : blocks.filter(({ block_id }) => block_id === within);
  const all = here.flatMap((block) => elementsIn(block).map((element) => ({ block, element })));
  const found =
    all.find(({ element }) => labelOf(element) === label) ??
    all.find(({ element }) => element.action_id === label || (element.value !== undefined && element.value === label));
  if (found) return found;
  const labels = all.map(({ element }) => labelOf(element)).join(', ') || 'nothing';
  throw new ClientRefusal(`There is no "${label}" to press. There is: ${labels}.`);
}

/** Presses an element, and says yes when asked. */
export async function pressOn(
  world: World,
  userId: string,
  on: Surface,
  label: string,
  how: Pressing = {},
): Promise<Shown> {
  const blocks = 'view' in on ? on.view.blocks : on.message.content.blocks;
  const { block, element } = elementAt(blocks, label, how.block);
  const dialog = dialogOf(element);
  if (dialog && how.sure === false) return shown(undefined, { dialog, text: dialog.text });
  const { type, action_id, value, text, style } = element;
  const said = Object.fromEntries(Object.entries({ value, text, style }).filter(([, one]) => one !== undefined));
  const action = { type, action_id, block_id: block.block_id, ...said, ...how.picked, action_ts: world.newTs() };
  const payload = { ...blockActions(world, userId, on), actions: [action] };
  const outcome = await world.deliver(makeDelivery(world, 'interactive', payload));
  const ignored = Object.keys(outcome.payload);
  if (ignored.length > 0) {
    const problems = [`a press takes no answer, only an acknowledgement: ${ignored}`];
    world.violations.push({ kind: 'wrong-acknowledgement', where: 'ack of block_actions', problems });
  }
  return shown(outcome, { dialog, ...(outcome.ok ? {} : { text: 'This app could not be reached. Try again.' }) });
}

function blockActions(world: World, userId: string, on: Surface): Readonly<Record<string, unknown>> {
  const who = aboutWho(world, userId);
  if ('view' in on) {
    const trigger_id = newTrigger(world, { userId, ...(on.view.kind === 'modal' ? { viewId: on.view.id } : {}) });
    return {
      type: 'block_actions',
      ...who,
      trigger_id,
      container: { type: 'view', view_id: on.view.id },
      view: showView(world, on.view),
    };
  }
  const { ts, channel, threadTs, onlyFor } = on.message;
  const { name = '', kind = 'public' } = world.channels.get(channel) ?? {};
  const where = { userId, channelId: channel };
  const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
  return {
    type: 'block_actions',
    ...who,
    trigger_id: newTrigger(world, where),
    container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: onlyFor !== undefined, ...thread },
    channel: { id: channel, name: kind === 'im' ? 'directmessage' : name },
    // Slack sends no copy of a message that only one person sees.
    ...(onlyFor === undefined ? { message: showMessage(world, on.message) } : {}),
    state: { values: {} },
    response_url: newResponseUrl(world, { ...where, messageTs: ts, threadTs }),
  };
}

function dialogOf({ confirm }: Block): Dialog | undefined {
  if (!confirm) return undefined;
  const words = confirm as Readonly<Record<keyof Dialog, { readonly text: string } | undefined>>;
  const [title = 'Are you sure?', text = '', yes = 'Yes', no = 'Cancel'] = [
    words.title,
    words.text,
    words.confirm,
    words.deny,
  ].map((one) => one?.text);
  return { title, text, confirm: yes, deny: no };
}

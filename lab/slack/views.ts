import { withIds } from './messages.ts';
import { type GivenView, mostViewBytes, wrongView } from './rules/view.ts';
import type { Trigger, View } from './view.ts';
import { SlackError, slackError } from './web/error.ts';
import type { World } from './world.ts';

/** A view as it came in, found right. Throws what Slack answers otherwise. */
export function readView(given: unknown, kind: GivenView['type']): GivenView {
  const wrong = wrongView(given, kind);
  if (wrong.length > 0) throw slackError('invalid_arguments', wrong);
  if (JSON.stringify(given).length > mostViewBytes) throw new SlackError('view_too_large');
  return given as GivenView;
}

/** The next version of a view, or the first. What people have put in stays where block and action keep their ids. */
export function makeView(
  world: World,
  given: GivenView,
  from: Pick<View, 'userId'> &
    Partial<Pick<View, 'id' | 'rootId' | 'previousId' | 'channelId' | 'state' | 'externalId'>>,
): View {
  const id = from.id ?? world.newId('V');
  const taken =
    given.external_id && [...world.views.values()].some((one) => one.externalId === given.external_id && one.id !== id);
  if (taken) throw new SlackError('duplicate_external_id');
  const blocks = withIds(world, given.blocks);
  const kept = [...(from.state ?? [])].filter(([block]) => blocks.some(({ block_id }) => block_id === block));
  const view: View = {
    id,
    kind: given.type,
    userId: from.userId,
    hash: `${Math.trunc(world.clock.now() / 1_000)}.${world.newId('h')}`,
    rootId: from.rootId ?? id,
    previousId: from.previousId ?? null,
    channelId: from.channelId,
    title: given.title?.text ?? '',
    submit: given.submit?.text,
    close: given.close?.text,
    blocks,
    privateMetadata: given.private_metadata ?? '',
    callbackId: given.callback_id ?? '',
    externalId: given.external_id ?? '',
    notifyOnClose: given.notify_on_close ?? false,
    clearOnClose: given.clear_on_close ?? false,
    state: new Map(kept),
    errors: {},
  };
  world.views.set(id, view);
  world.changes.tell();
  return view;
}

const mostStacked = 3;

/** Puts a view before the person: alone, or on top of what is open. */
export function openView(
  world: World,
  given: GivenView,
  { userId, channelId }: Pick<Trigger, 'userId' | 'channelId'>,
  how: 'open' | 'push',
): View {
  const stack = how === 'push' ? (world.stacks.get(userId) ?? []) : [];
  if (how === 'push' && stack.length === 0) throw new SlackError('not_found');
  if (stack.length >= mostStacked) throw new SlackError('push_limit_reached');
  const [rootId, previousId] = [stack[0], stack.at(-1)];
  const view = makeView(world, given, { userId, channelId, ...(rootId && previousId ? { rootId, previousId } : {}) });
  world.stacks.set(userId, [...stack, view.id]);
  world.changes.tell();
  return view;
}

/** Takes the top view away, or all of them. */
export function closeViews(world: World, userId: string, all: boolean): void {
  const stack = world.stacks.get(userId) ?? [];
  const gone = all ? stack : stack.slice(-1);
  for (const id of gone) world.views.delete(id);
  world.stacks.set(userId, stack.slice(0, stack.length - gone.length));
  world.changes.tell();
}

/** The trigger behind this id, used up. Throws what Slack answers when it can't be used. */
export function takeTrigger(world: World, id: string): Trigger {
  const trigger = world.triggers.get(id);
  if (!trigger) throw new SlackError('invalid_trigger_id');
  if (trigger.used) throw new SlackError('exchanged_trigger_id');
  if (world.clock.now() - trigger.at > world.settings.triggerMs) throw new SlackError('expired_trigger_id');
  trigger.used = true;
  return trigger;
}

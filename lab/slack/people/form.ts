import { makeDelivery } from '../deliver/delivery.ts';
import { aboutWho, newTrigger } from '../deliver/payload.ts';
import { showView } from '../show/view.ts';
import type { View } from '../view.ts';
import { closeViews, makeView, openView, readView } from '../views.ts';
import { SlackError } from '../web/error.ts';
import type { World } from '../world.ts';
import { fieldNamed, fieldsOf, filled, isEmpty, type Put, untouched } from './fields.ts';
import { ClientRefusal } from './refusal.ts';
import { type Shown, shown } from './shown.ts';
import { type Offer, suggestFor } from './suggest.ts';

export type Filling = Readonly<Record<string, Put>>;

/** Puts values into a form's fields: each by its label or id. What an external list offers is asked for as the person types. */
export async function fillIn(world: World, userId: string, given: View, filling: Filling): Promise<View> {
  const view = current(world, given);
  for (const [name, put] of Object.entries(filling)) {
    const field = fieldNamed(view, name);
    const outside = field.element.type.includes('external_select') && put !== null;
    const offered = outside
      ? (await Promise.all([put].flat().map((typed) => suggestFor(world, userId, view, field, String(typed))))).flat()
      : ((field.element.options ?? []) as readonly Offer[]);
    const actions = view.state.get(field.blockId) ?? new Map();
    view.state.set(field.blockId, actions.set(field.actionId, filled(field, put, offered)));
  }
  world.changes.tell();
  return view;
}

/** Sends a form. It closes, shows what is wrong, or becomes another, as the app says. */
export async function submitForm(world: World, userId: string, given: View): Promise<Shown> {
  const view = current(world, given);
  for (const field of fieldsOf(view)) {
    const actions = view.state.get(field.blockId) ?? new Map();
    if (!actions.has(field.actionId)) view.state.set(field.blockId, actions.set(field.actionId, untouched(field)));
    const entry = actions.get(field.actionId);
    if (!field.optional && entry && isEmpty(entry))
      throw new ClientRefusal(`"${field.label}": Please complete this required field.`);
  }
  const payload = {
    type: 'view_submission',
    ...aboutWho(world, userId),
    trigger_id: newTrigger(world, { userId, channelId: view.channelId, viewId: view.id }),
    view: showView(world, view),
    response_urls: [],
  };
  view.errors = {};
  const outcome = await world.deliver(makeDelivery(world, 'interactive', payload));
  if (!outcome.ok) return shown(outcome, { text: 'We had some trouble connecting. Try again?' });
  try {
    const text = act(world, userId, view, outcome.payload);
    return shown(outcome, { ok: text === '', text });
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const { messages = [] } = (error.more.response_metadata ?? {}) as { messages?: readonly string[] };
    world.violations.push({
      kind: 'wrong-acknowledgement',
      where: 'ack of view_submission',
      problems: [error.code, ...messages],
    });
    return shown({ ...outcome, ok: false, error: error.code }, { text: 'We had some trouble connecting. Try again?' });
  }
}

/** Does what a `response_action` says; answers what the person reads. */
function act(
  world: World,
  userId: string,
  view: View,
  { response_action: action, errors, view: next }: Readonly<Record<string, unknown>>,
): string {
  switch (action) {
    case undefined:
      closeViews(world, userId, false);
      return '';
    case 'clear':
      closeViews(world, userId, true);
      return '';
    case 'update':
      makeView(world, readView(next, 'modal'), view);
      return '';
    case 'push':
      openView(world, readView(next, 'modal'), { userId, channelId: view.channelId }, 'push');
      return '';
    case 'errors':
      return showErrors(world, view, errors as Readonly<Record<string, string>>);
    default:
      throw new SlackError(`unknown response_action ${action}`);
  }
}

function showErrors(world: World, view: View, errors: Readonly<Record<string, string>>): string {
  const fields = fieldsOf(view);
  const strange = Object.keys(errors).filter((block) => fields.every(({ blockId }) => blockId !== block));
  if (strange.length > 0 || Object.keys(errors).length === 0)
    throw new SlackError(`errors at no input: ${strange.join(', ')}`);
  view.errors = errors;
  world.changes.tell();
  return fields
    .flatMap(({ blockId, label }) => (errors[blockId] === undefined ? [] : [`${label}: ${errors[blockId]}`]))
    .join('\n');
}

/** Closes it by its own button; the app hears of it if it wanted to. */
export async function closeForm(world: World, userId: string, given: View): Promise<Shown> {
  const view = current(world, given);
  closeViews(world, userId, view.clearOnClose);
  if (!view.notifyOnClose) return shown(undefined);
  const payload = {
    type: 'view_closed',
    ...aboutWho(world, userId),
    view: showView(world, view),
    is_cleared: view.clearOnClose,
  };
  return shown(await world.deliver(makeDelivery(world, 'interactive', payload)));
}

/** The newest version of a view that stands open. */
export function current(world: World, { id, title }: View): View {
  const view = world.views.get(id);
  if (!view) throw new ClientRefusal(`The form "${title}" is not open any more.`);
  return view;
}

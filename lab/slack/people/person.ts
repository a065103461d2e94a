import { makeDelivery } from '../deliver/delivery.ts';
import { emit } from '../deliver/events.ts';
import { tellWritten } from '../deliver/message-events.ts';
import { aboutWho, newTrigger } from '../deliver/payload.ts';
import type { Message } from '../message.ts';
import { messageKey, writeMessage } from '../messages.ts';
import { directWith, findChannel, findUser } from '../places.ts';
import { showMessage } from '../show/message.ts';
import { showView } from '../show/view.ts';
import { asTyped } from '../text/typed.ts';
import type { View } from '../view.ts';
import type { Channel, World } from '../world.ts';
import { fieldNamed } from './fields.ts';
import { closeForm, current, type Filling, fillIn, submitForm } from './form.ts';
import { elementAt, type Pressing, pressOn, type Surface } from './press.ts';
import { ClientRefusal } from './refusal.ts';
import { type Shown, shown } from './shown.ts';
import { typeCommand } from './slash.ts';
import { type Offer, suggestFor } from './suggest.ts';

/** Somebody who uses Slack by hand. What Slack's own client would not let them do is a `ClientRefusal`. Channels are ids or names; `dm` is theirs with the app. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** The id of the channel in which they and the app are alone. */
  readonly direct: string;
  /** Sends a line: a slash command when it begins with one, else a message. Resolves when it is acknowledged, or has failed. */
  type(channel: string, line: string): Promise<Shown>;
  /** Writes a message, in a thread too. `@name` mentions. The app hears of it after this has returned. */
  say(channel: string, text: string, options?: { readonly thread?: string }): Message;
  /** Presses what has this label (or action id) on a message, a form or their home tab. */
  press(on: Message | View | string, label: string, how?: Pressing): Promise<Shown>;
  /** Picks an option, by its text or value, in a list or menu that has this placeholder, text or action id. */
  pick(on: Message | View | string, list: string, option: string, how?: Pressing): Promise<Shown>;
  /** Opens the app's home tab. What is there is read with `lab.home`. */
  openHome(): void;
  /** Fills fields of a form, without sending it. */
  fill(view: View, values: Filling): Promise<View>;
  /** Fills and sends a form. */
  submit(view: View, values?: Filling): Promise<Shown>;
  /** What is offered for what they type into a field. */
  suggest(view: View, field: string, typed: string): Promise<readonly Offer[]>;
  close(view: View): Promise<Shown>;
  /** A shortcut of the manifest, by its callback id; on a message if it is one for messages. */
  shortcut(callbackId: string, message?: Message): Promise<Shown>;
}

/** The person with this name: `ana`. */
export function personNamed(world: World, name: string): Person {
  const user = findUser(world, name);
  if (!user || user.bot) throw new Error(`There is no user ${name} in the lab.`);
  const { id: userId } = user;
  const at = (given: string) => channelFor(world, userId, given);
  const on = (given: Message | View | string) => surface(world, userId, given);

  const person: Person = {
    id: userId,
    name: user.name,
    get direct() {
      return directWith(world, userId).id;
    },
    async type(channel, line) {
      if (line.startsWith('/')) return typeCommand(world, userId, at(channel), line);
      return shown(undefined, { message: person.say(channel, line) });
    },
    say(given, text, { thread } = {}) {
      const channel = at(given);
      if (text.startsWith('/') && thread !== undefined)
        throw new ClientRefusal('Slack has no slash commands in threads.');
      const content = { text: asTyped(world, text), blocks: [], attachments: [] };
      const message = writeMessage(world, { channel: channel.id, user: userId, threadTs: thread, content });
      tellWritten(world, message);
      return message;
    },
    press: (given, label, how) => pressOn(world, userId, on(given), label, how),
    async pick(given, list, wanted, how = {}) {
      const where = on(given);
      const blocks = 'view' in where ? where.view.blocks : where.message.content.blocks;
      const { element } = elementAt(blocks, list, how.block);
      const options = (element.options ?? []) as readonly Offer[];
      const option = options.find(({ text, value }) => text.text === wanted || value === wanted);
      if (!option) throw new ClientRefusal(`${wanted} is not in the list "${list}".`);
      return pressOn(world, userId, where, list, { ...how, picked: { selected_option: option } });
    },
    openHome() {
      const view = world.views.get(world.homes.get(userId) ?? '');
      const { id: channel } = directWith(world, userId);
      const shows = view ? { view: showView(world, view) } : {};
      if (world.app.homeTab)
        emit(world, 'app_home_opened', { type: 'app_home_opened', user: userId, channel, tab: 'home', ...shows });
    },
    fill: (view, values) => fillIn(world, userId, view, values),
    async submit(view, values = {}) {
      return submitForm(world, userId, await fillIn(world, userId, view, values));
    },
    suggest: (view, field, typed) => suggestFor(world, userId, current(world, view), fieldNamed(view, field), typed),
    close: (view) => closeForm(world, userId, view),
    async shortcut(callbackId, message) {
      const found = world.app.shortcuts.find((one) => one.callbackId === callbackId);
      if (!found) throw new ClientRefusal(`The app has no shortcut ${callbackId}.`);
      const where = message
        ? { channel: { id: message.channel }, message: showMessage(world, message), message_ts: message.ts }
        : {};
      const trigger_id = newTrigger(world, { userId, channelId: message?.channel });
      const type = found.type === 'message' ? 'message_action' : 'shortcut';
      const payload = {
        type,
        callback_id: callbackId,
        ...aboutWho(world, userId),
        trigger_id,
        action_ts: world.newTs(),
        ...where,
      };
      return shown(await world.deliver(makeDelivery(world, 'interactive', payload)));
    },
  };
  return person;
}

/** The channel of this name or id, if the person is in it and can write there. */
function channelFor(world: World, userId: string, given: string): Channel {
  const channel = given === 'dm' ? directWith(world, userId) : findChannel(world, given);
  if (!channel) throw new Error(`There is no channel ${given} in the lab.`);
  if (!channel.members.has(userId)) throw new ClientRefusal(`They are not in ${given}.`);
  if (channel.archived) throw new ClientRefusal(`${given} is archived.`);
  if (channel.kind === 'im' && !world.app.messagesTab)
    throw new ClientRefusal('Sending messages to this app has been turned off.');
  return channel;
}

/** A message or view that this person sees, as it is now. */
function surface(world: World, userId: string, given: Message | View | string): Surface {
  if (typeof given !== 'string' && 'kind' in given) return { view: current(world, given) };
  const message =
    typeof given === 'string'
      ? [...world.messages.values()].find(({ ts }) => ts === given)
      : world.messages.get(messageKey(given.channel, given.ts));
  if (!message) throw new ClientRefusal('The message is not there any more.');
  const theirs =
    message.onlyFor === undefined
      ? world.channels.get(message.channel)?.members.has(userId)
      : message.onlyFor === userId;
  if (!theirs) throw new ClientRefusal('They do not see this message.');
  return { message };
}

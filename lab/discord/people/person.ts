import type { Choice } from '../command.ts';
import type { Modal } from '../interaction.ts';
import { startInteraction } from '../interactions.ts';
import type { Message } from '../message.ts';
import { writeMessage } from '../messages.ts';
import { may } from '../permissions.ts';
import { wake } from '../places.ts';
import { directWith } from '../rest/routes/channels.ts';
import { userOf } from '../show/user.ts';
import type { Channel, World } from '../world.ts';
import { type Filling, submitted } from './forms.ts';
import { buttonsOf, listsOf } from './look.ts';
import { type Entry, entryNamed, menuFor } from './menu.ts';
import { commandData } from './options.ts';
import { ClientRefusal } from './refusal.ts';
import { type Shown, shownAfter } from './shown.ts';
import { readTyped, type Values } from './typed.ts';

/**
 * A person at Discord's client. A channel is given by its name (`ops`), a thread or direct message by its id. What the client itself would not send is
 * thrown as a {@link ClientRefusal}.
 */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** `/vm create name:k8s-dev size:medium` */
  type(channel: string, line: string): Promise<Shown>;
  /** The same, already taken apart: `run('ops', 'vm create', {name: 'k8s-dev'})`. */
  run(channel: string, command: string, values?: Values): Promise<Shown>;
  /** What is suggested while typing at an option. `undefined` when no answer came. */
  suggest(
    channel: string,
    command: string,
    option: string,
    typed: string,
    others?: Values,
  ): Promise<readonly Choice[] | undefined>;
  /** Presses a button, by its label or custom id. */
  press(message: Message | string, button: string): Promise<Shown>;
  /** Picks from a list in a message; `list` is its placeholder or custom id. */
  pick(message: Message | string, list: string, values: readonly string[]): Promise<Shown>;
  /** Sends a form. It stays open when the application does not respond. */
  fill(modal: Modal, filling: Filling): Promise<Shown>;
  say(channel: string, text: string): Message;
  /** The id of the channel in which they and the bot are alone. */
  direct(): string;
}

/** The person with this user name: `ana`. */
export function personNamed(world: World, name: string): Person {
  const user = [...world.users.values()].find((one) => one.name === name);
  if (!user)
    throw new Error(`There is no user ${name} in the lab, but ${[...world.users.values()].map((one) => one.name)}.`);
  const userId = user.id;
  const at = (channel: string) => placeFor(world, userId, channel);

  function command(channel: Channel, entry: Entry, values: Values): Promise<Shown> {
    const data = commandData(world, entry, values);
    return shownAfter(
      world,
      startInteraction(world, { type: 2, userId, channelId: channel.id, data, commandName: entry.name }),
    );
  }

  function component(
    message: Message,
    custom: { id: number; custom_id?: string; type: number },
    values?: readonly string[],
  ) {
    const data = {
      id: custom.id,
      custom_id: custom.custom_id,
      component_type: custom.type,
      ...(values ? { values } : {}),
    };
    const place = { userId, channelId: message.channelId, messageId: message.id };
    return shownAfter(world, startInteraction(world, { type: 3, ...place, data }));
  }

  return {
    id: userId,
    name,
    async type(channel, line) {
      const place = at(channel);
      const { entry, values } = readTyped(menuFor(world, userId, place), line);
      return command(place, entry, values);
    },
    async run(channel, path, values = {}) {
      const place = at(channel);
      return command(place, entryNamed(world, userId, place, path), values);
    },
    async suggest(channel, path, option, typed, others = {}) {
      const place = at(channel);
      const entry = entryNamed(world, userId, place, path);
      if (!entry.options.find(({ name: one }) => one === option)?.autocomplete) {
        throw new ClientRefusal(`/${path} suggests nothing for ${option}.`);
      }
      const data = commandData(world, entry, { ...others, [option]: typed }, option);
      const doing = { type: 4 as const, userId, channelId: place.id, data, commandName: entry.name };
      const interaction = startInteraction(world, doing);
      await shownAfter(world, interaction);
      return interaction.answer?.choices;
    },
    async press(given, button) {
      const message = seen(world, userId, given);
      const buttons = buttonsOf(message);
      const found = buttons.find(({ label, custom_id }) => label === button || custom_id === button);
      if (!found) {
        const labels = buttons.map(({ label }) => label).join(', ') || 'none';
        throw new ClientRefusal(`There is no button "${button}" on the message. There are: ${labels}.`);
      }
      if (found.disabled) throw new ClientRefusal(`The button "${button}" is disabled.`);
      if (found.custom_id === undefined) throw new ClientRefusal(`The button "${button}" is a link to ${found.url}.`);
      return component(message, found);
    },
    async pick(given, list, values) {
      const message = seen(world, userId, given);
      const found = listsOf(message).find(({ placeholder, custom_id }) => placeholder === list || custom_id === list);
      if (!found) throw new ClientRefusal(`There is no list "${list}" on the message.`);
      const options = (found.options ?? []) as readonly { label: string; value: string }[];
      const taken = values.map((value) => options.find((one) => one.value === value || one.label === value)?.value);
      const wrong = values.find((_, place) => taken[place] === undefined);
      if (wrong !== undefined) throw new ClientRefusal(`${wrong} is not in the list "${list}".`);
      return component(message, found, taken.map(String));
    },
    async fill(modal, filling) {
      const opener = world.interactions.get(modal.interactionId);
      const interaction = startInteraction(world, {
        type: 5,
        userId,
        channelId: modal.channelId,
        messageId: opener?.messageId,
        openedBy: modal.interactionId,
        data: { custom_id: modal.customId, components: submitted(modal, filling) },
      });
      const shown = await shownAfter(world, interaction);
      if (shown.what !== 'failed' && world.modals.get(userId) === modal) world.modals.delete(userId);
      world.changes.tell();
      return shown;
    },
    say(channel, text) {
      const place = at(channel);
      if (place.kind === 'thread') wake(world, place);
      const write = place.kind === 'thread' ? 'sendMessagesInThreads' : 'sendMessages';
      if (!may(world, userId, place, write)) throw new ClientRefusal(`${name} may not write in ${channel}.`);
      const written = { where: `${name} says`, body: { content: text }, files: [] };
      return writeMessage(world, { channelId: place.id, authorId: userId }, written);
    },
    direct: () => directWith(world, userId).id,
  };
}

/** The channel of this name or id, if the person can see it. */
export function placeFor(world: World, userId: string, given: string): Channel {
  const channel = channelNamed(world, given);
  const theirs = channel.kind === 'dm' ? channel.userId === userId : may(world, userId, channel, 'viewChannel');
  if (!theirs) throw new ClientRefusal(`${userOf(world, userId).name} does not see the channel ${given}.`);
  return channel;
}

export function channelNamed(world: World, given: string): Channel {
  const named = [...world.channels.values()].find((one) => one.kind === 'text' && one.name === given);
  const channel = world.channels.get(given) ?? named;
  if (!channel) throw new Error(`There is no channel ${given} in the lab.`);
  return channel;
}

/** A message that this person sees. */
function seen(world: World, userId: string, given: Message | string): Message {
  const id = typeof given === 'string' ? given : given.id;
  const message = world.messages.get(id);
  if (!message) throw new ClientRefusal(`The message ${id} is not there any more.`);
  if (message.onlyFor !== undefined && message.onlyFor !== userId) {
    throw new ClientRefusal(`The message ${id} is for somebody else alone.`);
  }
  placeFor(world, userId, message.channelId);
  return message;
}

import type { Component, Message } from '../message.ts';
import { kinds, walk } from '../rules/components.ts';
import { flags } from '../rules/message.ts';

/** What a message says, without its buttons. */
export function textOf(message: Message): string {
  if ((message.flags & flags.loading) !== 0) return 'Botswain is thinking…';
  const embeds = message.embeds.flatMap(({ title, description }) => [title, description]);
  const parts = [...walk(message.components)]
    .filter(({ component }) => component.type === kinds.text)
    .map(({ component }) => component.content);
  return [message.content, ...embeds, ...parts].filter(Boolean).join('\n');
}

/** Its buttons, links too, from the top. */
export function buttonsOf(message: Message): readonly Component[] {
  return [...walk(message.components)].map(({ component }) => component).filter(({ type }) => type === kinds.button);
}

/** Its lists to pick from. */
export function listsOf(message: Message): readonly Component[] {
  return [...walk(message.components)]
    .map(({ component }) => component)
    .filter(({ type }) => type === kinds.stringSelect);
}

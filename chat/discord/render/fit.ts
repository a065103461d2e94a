import { ComponentType } from 'discord.js';
import type { Card } from '#base/card.ts';
import { shrinkUntil } from '#chat/shrink.ts';
import { filesOf } from './files.ts';
import { lengthOf, most } from './limits.ts';
import { type Message, renderCard } from './render.ts';

/** The card as a message within Discord's limits. */
export function fitCard(card: Card, roles: ReadonlyMap<string, string>, key?: string): Message {
  return renderCard(
    shrinkUntil(card, (one) => within(renderCard(one, roles, key), filesOf(one).length)),
    roles,
    key,
  );
}

/** `beside`: how many components stand beside the container. */
function within({ components: [container] }: Message, beside: number): boolean {
  let count = 1 + beside;
  let text = 0;
  for (const part of container.components) {
    count++;
    if (part.type === ComponentType.ActionRow) count += part.components.length;
    if (part.type === ComponentType.TextDisplay) text += lengthOf(part.content);
  }
  return count <= most.components && text <= most.text;
}

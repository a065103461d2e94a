import type { Card } from '#base/card.ts';
import { shrinkUntil } from '#chat/shrink.ts';
import { most } from './limits.ts';
import { type Message, renderCard } from './render.ts';
import type { Showing } from './showing.ts';

/** A message, and whether something of its card was left out for Slack's limits. */
export interface Fitted extends Message {
  readonly cut: boolean;
}

/** The card as a message within Slack's limits. */
export function fitCard(card: Card, showing: Showing): Fitted {
  const fits = (one: Card) => within(renderCard(one, showing), showing);
  const fitting = shrinkUntil(card, fits);
  return { ...renderCard(fitting, showing), cut: fitting !== card };
}

function within({ blocks }: Message, { surface }: Showing): boolean {
  const home = surface === 'home';
  if (blocks.length > (home ? most.homeBlocks : most.messageBlocks)) return false;
  const sizes = blocks.map((block) => JSON.stringify(block).length);
  const total = sizes.reduce((sum, size) => sum + size + 1, 1);
  return (
    Math.max(0, ...sizes) < most.messageCharacters && total <= (home ? most.homeCharacters : most.messageCharacters)
  );
}

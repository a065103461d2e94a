import type { Card } from '#base/card.ts';
import { shrinkUntil } from '#chat/shrink.ts';
import { most } from './limits.ts';
import { type Message, renderCard } from './render.ts';
import type { Showing } from './showing.ts';

/** The card as a message within Slack's limits. */
export function fitCard(card: Card, showing: Showing): Message {
  const fits = (one: Card) => within(renderCard(one, showing), showing);
  return renderCard(shrinkUntil(card, fits), showing);
}

function within({ blocks }: Message, { surface }: Showing): boolean {
  const home = surface === 'home';
  if (blocks.length > (home ? most.homeBlocks : most.messageBlocks)) return false;
  return JSON.stringify(blocks).length <= (home ? most.homeCharacters : most.messageCharacters);
}

import { ComponentType, MessageFlags } from 'discord.js';
import type { Card } from '#base/card.ts';
import { filesOf, type Upload } from '../render/files.ts';
import { fitCard } from '../render/fit.ts';
import type { Roles } from '../roles.ts';

/** A card as a new message: its body, and the files that are shown below it. `key` names it, so that it is known again. */
export function newMessage(card: Card, { ids }: Pick<Roles, 'ids'>, key?: string) {
  const files = filesOf(card);
  const { components, allowed_mentions } = fitCard(card, ids, key);
  return {
    body: { flags: MessageFlags.IsComponentsV2, components: [...components, ...files.map(shown)], allowed_mentions },
    files,
  };
}

const shown = ({ name }: Upload) => ({ type: ComponentType.File as const, file: { url: `attachment://${name}` } });

/** A card in the place of an older one. An edit tells nobody, so it needs nobody's permission. */
export function changedMessage(card: Card, { ids }: Pick<Roles, 'ids'>) {
  return { components: fitCard(card, ids).components, allowed_mentions: { parse: [] } };
}

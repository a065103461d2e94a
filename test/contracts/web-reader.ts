import type { Block } from '#base/card.ts';
import { type ConsoleUser, type Shown, textOf } from '../console.ts';
import type { Stage } from './stage.ts';

/** What one person reads in the console's channel. */
export function readConsole(
  user: ConsoleUser,
  people: readonly { key: string; groups: readonly string[] }[],
): Pick<Stage, 'messages' | 'thread' | 'files' | 'links' | 'pinged'> {
  const all = () => [...user.messages.values()].filter(({ to }) => to === undefined);
  const cardOf = (id: string) => {
    const content = user.messages.get(id)?.content;
    return content?.kind === 'card' ? content.card : undefined;
  };
  const blocksOf = (id: string): readonly Block[] => cardOf(id)?.blocks ?? [];
  return {
    messages: () =>
      all()
        .filter(({ thread }) => thread === undefined)
        .map(textIn),
    thread: ({ id }) =>
      all()
        .filter(({ thread }) => thread === id)
        .map(textIn),
    files: ({ id }) =>
      blocksOf(id).flatMap((block) => (block.kind === 'file' ? [[block.name, block.text] as const] : [])),
    links: ({ id }) =>
      blocksOf(id)
        .flatMap((block) => (block.kind === 'actions' ? block.actions : []))
        .flatMap((action) => ('href' in action ? [action.href] : [])),
    // The page calls whom the card names, by key or group.
    pinged({ id }) {
      const known = people.flatMap(({ key, groups }) => [key, ...groups]);
      return (cardOf(id)?.ping ?? []).filter((name) => known.includes(name));
    },
  };
}

/** A message as it is read. */
export function textIn({ content }: Shown): string {
  return content.kind === 'card' ? textOf(content.card) : content.text;
}

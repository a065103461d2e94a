import type { Block, Card, Text } from '#base/card.ts';
import { spellList } from '#base/spell-list.ts';

/** A table, or a sentence when there is nothing to list. */
export function tableCard(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly Text[])[],
  empty: string,
): Card {
  if (rows.length === 0) return { tone: 'info', fallback: empty, blocks: [{ kind: 'text', text: empty }] };
  return {
    tone: 'info',
    fallback: `${title}: ${rows.length}`,
    blocks: [
      { kind: 'title', text: title },
      { kind: 'table', columns, rows },
    ],
  };
}

/** A list with the nodes that did not answer in time, of which it may tell too little. */
export function withSilence(list: Card, silent: readonly string[]): Card {
  if (silent.length === 0) return list;
  const text = `⚠ ${spellList(silent)} did not answer in time: what is said of ${silent.length === 1 ? 'it' : 'them'} may be old or missing.`;
  return { ...list, fallback: `${list.fallback}. ${text}`, blocks: [...list.blocks, { kind: 'text', text }] };
}

/** One thing with its properties; those without a value are left out. */
export function factsCard(
  title: Text,
  fallback: string,
  facts: Readonly<Record<string, Text | undefined>>,
  more: readonly Block[] = [],
): Card {
  const fields = Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
  return { tone: 'info', fallback, blocks: [{ kind: 'title', text: title }, { kind: 'fields', fields }, ...more] };
}

/** `4 GiB`, `512 MiB`, from bytes. */
export function amount(bytes: number): string {
  const gib = bytes / 1024 ** 3;
  if (gib < 1) return `${Math.round(bytes / 1024 ** 2)} MiB`;
  return `${gib >= 10 ? Math.round(gib) : Number(gib.toFixed(1))} GiB`;
}

import { type Block, type Card, plain } from '#base/card.ts';

/**
 * The card made smaller until it fits. What is too much goes in this order: the ends of code, rows of tables, notes, fields, steps; then what stands last. What is left says how
 * much was left out. Answers what fits, or the smallest there is.
 */
export function shrinkUntil(card: Card, fits: (card: Card) => boolean): Card {
  let smaller = card;
  for (const shrink of shrinks) {
    while (!fits(smaller)) {
      const next = shrink(smaller);
      if (next === undefined) break;
      smaller = next;
    }
  }
  return smaller;
}

type Shrink = (card: Card) => Card | undefined;

/** Each makes the card a little smaller; undefined when it can't any more. */
const shrinks: readonly Shrink[] = [
  inLargest('code', (block) => {
    const lines = fewer(block.text.split('\n'), restIn, andMore);
    if (lines) return { ...block, text: lines.join('\n') };
    return block.text.length > 200 ? { ...block, text: `${block.text.slice(0, block.text.length / 2)}…` } : undefined;
  }),
  inLargest('table', (block) => {
    const rows = fewer(
      block.rows,
      ([first = '']) => restIn(plain(first)),
      (count) => [andMore(count)],
    );
    return rows && { ...block, rows };
  }),
  inLargest('steps', (block) =>
    block.steps.some(({ note }) => note !== undefined)
      ? { ...block, steps: block.steps.map(({ note: _, ...step }) => step) }
      : undefined,
  ),
  withoutLast('small', 1),
  inLargest('fields', (block) => {
    const fields = fewer(
      block.fields,
      ({ name }) => restIn(name),
      (count) => ({ name: andMore(count), value: '' }),
    );
    return fields && { ...block, fields };
  }),
  inLargest('steps', (block) => {
    const rest = (count: number) => ({ state: 'skipped' as const, label: andMore(count) });
    const steps = fewer(block.steps, ({ label }) => restIn(label), rest);
    return steps && { ...block, steps };
  }),
  ({ blocks, ...card }) => {
    const actions = blocks.filter(({ kind }) => kind === 'actions');
    const others = blocks.filter(({ kind }) => kind !== 'actions');
    const left = fewer(others, (block) => (block.kind === 'small' ? restIn(plain(block.text)) : 0), moreBlocks);
    if (left) return { ...card, blocks: [...left, ...actions] };
    return blocks.length > 0 ? { ...card, blocks: blocks.slice(0, -1) } : undefined;
  },
];

const andMore = (count: number) => `…and ${count} more`;
const moreBlocks = (count: number): Block => ({ kind: 'small', text: andMore(count) });
/** What an earlier {@link andMore} counted. */
const restIn = (text: string) => Number(/^…and (\d+) more$/.exec(text)?.[1] ?? 0);

/** The first half, and one that says how many more there were; undefined when one alone is left. */
function fewer<T>(items: readonly T[], restOf: (item: T) => number, rest: (count: number) => T): T[] | undefined {
  const last = items.at(-1);
  const before = last === undefined ? 0 : restOf(last);
  const shown = before > 0 ? items.slice(0, -1) : items;
  if (shown.length <= 1) return undefined;
  const kept = shown.slice(0, shown.length / 2);
  return [...kept, rest(before + shown.length - kept.length)];
}

type Of<Kind extends Block['kind']> = Extract<Block, { kind: Kind }>;

/** Shrinks the largest block of a kind that can be made smaller. */
function inLargest<Kind extends Block['kind']>(kind: Kind, shrink: (block: Of<Kind>) => Block | undefined): Shrink {
  return (card) => {
    const sizes = card.blocks.map((block) => (block.kind === kind ? JSON.stringify(block).length : 0));
    const places = [...sizes.keys()].filter((at) => (sizes[at] ?? 0) > 0);
    for (const at of places.toSorted((one, other) => (sizes[other] ?? 0) - (sizes[one] ?? 0))) {
      const smaller = shrink(card.blocks[at] as Of<Kind>);
      if (smaller) return { ...card, blocks: card.blocks.with(at, smaller) };
    }
    return undefined;
  };
}

/** Takes the last block of a kind away, as long as there are more of it than `keep`. */
function withoutLast(kind: Block['kind'], keep: number): Shrink {
  return (card) => {
    const places = card.blocks.flatMap((block, at) => (block.kind === kind ? [at] : []));
    const last = places.at(-1);
    return last === undefined || places.length <= keep
      ? undefined
      : { ...card, blocks: card.blocks.toSpliced(last, 1) };
  };
}

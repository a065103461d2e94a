import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Action, Block, Button, Card } from '#base/card.ts';
import type { Offer } from '#base/errors.ts';
import { gated } from '#jobs/engine/redis.ts';

/** What pressing a button means. It stays here; a platform only ever sees a token. */
const Meaning = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('command'), text: z.string() }),
  z.object({ kind: z.literal('vote'), run: z.string(), revision: z.int(), yes: z.boolean() }),
  /** Opens the form of a command. */
  z.object({ kind: z.literal('form'), command: z.string() }),
  /** Asks for the name of what it is about, then votes yes. */
  z.object({ kind: z.literal('name'), run: z.string(), revision: z.int() }),
  /** Asks why, then votes no. */
  z.object({ kind: z.literal('reject'), run: z.string(), revision: z.int() }),
  z.object({
    kind: z.literal('run'),
    run: z.string(),
    verb: z.enum(['cancel', 'retry', 'roll back', 'keep', 'log', 'watch', 'plan']),
  }),
]);
export type Meaning = z.infer<typeof Meaning>;

/** A card whose buttons still say what they mean. */
export interface Draft {
  readonly card: Omit<Card, 'blocks'> & { readonly blocks: readonly DraftBlock[] };
  readonly buttons: readonly Planned[];
}

export type DraftBlock = Block | { readonly kind: 'buttons'; readonly buttons: readonly Planned[] };

/** A button that has no token yet. */
export type Planned = Omit<Button, 'token'> & { readonly meaning: Meaning };

export interface Buttons {
  /** The card as platforms get it: buttons at its foot, each with a token that {@link Buttons.meaning} knows for 30 days at least. */
  seal(draft: Draft | Card): Promise<Card>;
  /** A token for a meaning, kept as long. */
  token(meaning: Meaning): Promise<string>;
  /** What a token stands for; undefined when it is unknown or too old. */
  meaning(token: string): Promise<Meaning | undefined>;
}

const keptS = 30 * 24 * 3600;

// A card is drawn many times, and its tokens stand there already: reading is free, and each write is a write to the disk.
// KEYS: token. ARGV: meaning, how long it is good for at least, s.
const keepScript = `
if redis.call('TTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('SET', KEYS[1], ARGV[1], 'EX', 2 * ARGV[2]) end
`;

/** Buttons whose meanings stand in Redis, so that any gateway understands any press. */
export function openButtons(redis: Redis, prefix: string): Buttons {
  const keyOf = (token: string) => `${prefix}:button:${token}`;
  async function remember(meanings: ReadonlyMap<string, Meaning>): Promise<void> {
    if (meanings.size === 0) return;
    const write = redis.pipeline();
    for (const [token, meaning] of meanings) write.eval(keepScript, 1, keyOf(token), JSON.stringify(meaning), keptS);
    await gated(redis, async () => {
      // A pipeline never rejects: each of its commands has its own error.
      for (const [error] of (await write.exec()) ?? []) if (error) throw error;
    });
  }

  return {
    async seal(draft) {
      const { card, buttons } = 'card' in draft ? draft : { card: draft, buttons: [] };
      const meanings = new Map<string, Meaning>();
      const sealed = ({ meaning, ...button }: Planned): Action => ({ ...button, token: note(meanings, meaning) });
      const drafts: DraftBlock[] = [
        ...card.blocks,
        ...(buttons.length > 0 ? [{ kind: 'buttons' as const, buttons }] : []),
      ];
      const blocks = drafts.flatMap((block): Block[] => {
        if (block.kind !== 'buttons' && block.kind !== 'offers') return [block];
        const planned = block.kind === 'buttons' ? block.buttons : block.offers.map(buttonOf);
        return planned.length > 0 ? [{ kind: 'actions', actions: planned.map(sealed) }] : [];
      });
      await remember(meanings);
      return { ...card, blocks };
    },
    async token(meaning) {
      const meanings = new Map<string, Meaning>();
      const token = note(meanings, meaning);
      await remember(meanings);
      return token;
    },
    async meaning(token) {
      const text = await gated(redis, () => redis.get(keyOf(token)));
      return text === null ? undefined : Meaning.parse(JSON.parse(text));
    },
  };
}

function buttonOf({ label, command, tone }: Offer): Planned {
  return { label, meaning: { kind: 'command', text: command }, ...(tone ? { tone } : {}) };
}

/** The same meaning has the same token, so that rendering a card again writes nothing new. */
function note(meanings: Map<string, Meaning>, meaning: Meaning): string {
  const token = createHash('sha256').update(JSON.stringify(meaning)).digest('base64url').slice(0, 20);
  meanings.set(token, meaning);
  return token;
}

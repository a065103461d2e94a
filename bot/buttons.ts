import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Action, Card } from '#base/card.ts';
import type { Offer } from '#base/errors.ts';

/** What pressing a button means. It stays here; a platform only ever sees a token. */
const Meaning = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('command'), text: z.string() }),
  z.object({ kind: z.literal('vote'), run: z.string(), revision: z.int(), yes: z.boolean() }),
  z.object({ kind: z.literal('run'), run: z.string(), verb: z.enum(['cancel', 'retry', 'roll back']) }),
]);
export type Meaning = z.infer<typeof Meaning>;

/** A card whose buttons still say what they mean. */
export interface Draft {
  readonly card: Card;
  readonly buttons: readonly (Omit<Action, 'token'> & { readonly meaning: Meaning })[];
}

export interface Buttons {
  /** The card as platforms get it: buttons at its foot, each with a token that {@link Buttons.meaning} knows for 30 days. */
  seal(draft: Draft | Card): Promise<Card>;
  /** What a token stands for; undefined when it is unknown or too old. */
  meaning(token: string): Promise<Meaning | undefined>;
}

const keptS = 30 * 24 * 3600;

/** Buttons whose meanings stand in Redis, so that any gateway understands any press. */
export function openButtons(redis: Redis, prefix: string): Buttons {
  const keyOf = (token: string) => `${prefix}:button:${token}`;
  return {
    async seal(draft) {
      const { card, buttons } = 'card' in draft ? draft : { card: draft, buttons: [] };
      const meanings = new Map<string, Meaning>();
      const offered = card.blocks.flatMap((block) => (block.kind === 'offers' ? block.offers.map(buttonOf) : []));
      const actions = [...offered, ...buttons].map(({ meaning, ...action }) => ({
        ...action,
        token: note(meanings, meaning),
      }));
      const blocks = card.blocks.filter(({ kind }) => kind !== 'offers');
      if (meanings.size > 0) {
        const write = redis.pipeline();
        for (const [token, meaning] of meanings) write.set(keyOf(token), JSON.stringify(meaning), 'EX', keptS);
        await write.exec();
      }
      return { ...card, blocks: actions.length > 0 ? [...blocks, { kind: 'actions', actions }] : blocks };
    },
    async meaning(token) {
      const text = await redis.get(keyOf(token));
      return text === null ? undefined : Meaning.parse(JSON.parse(text));
    },
  };
}

function buttonOf({ label, command, tone }: Offer): Draft['buttons'][number] {
  return { label, meaning: { kind: 'command', text: command }, ...(tone ? { tone } : {}) };
}

/** The same meaning has the same token, so that rendering a card again writes nothing new. */
function note(meanings: Map<string, Meaning>, meaning: Meaning): string {
  const token = createHash('sha256').update(JSON.stringify(meaning)).digest('base64url').slice(0, 20);
  meanings.set(token, meaning);
  return token;
}

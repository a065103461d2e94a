import type { Card } from '#base/card.ts';
import { RemoteError, sentence, UserError } from '#base/errors.ts';

/** An error as a private answer: what is wrong, then what to do. */
export function errorCard(error: unknown): Card {
  const text =
    error instanceof UserError || error instanceof RemoteError
      ? sentence(error)
      : `Botswain made a mistake: ${sentence(error)}`;
  const hint =
    error instanceof UserError || error instanceof RemoteError ? error.hint : 'The gateway’s log has the details.';
  const offers = error instanceof UserError ? error.offers : [];
  return {
    tone: 'error',
    fallback: text,
    blocks: [
      { kind: 'text', text },
      ...(hint === undefined
        ? []
        : [hint.startsWith('/') ? { kind: 'code' as const, text: hint } : { kind: 'small' as const, text: hint }]),
      ...(offers.length > 0 ? [{ kind: 'offers' as const, offers }] : []),
    ],
  };
}

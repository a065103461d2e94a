import { RemoteError, UserError } from '#base/errors.ts';
import type { Json } from '#base/json.ts';
import type { Claims } from '#proxmox/claims.ts';

/** What the tests' steps act on, instead of a Proxmox: things that exist or not, and a list of all that was done. */
export interface FarSide {
  /** What exists, by name, and the run that made it. */
  readonly things: Map<string, string>;
  /** Every effect in order: `make a`, `remove a`. */
  readonly effects: string[];
  readonly claims: Claims;
  /** Runs whose claims are held now. */
  readonly claimed: Set<string>;
  /** What a step does before its effect, by its name: throw, or wait. */
  readonly before: Map<string, (signal: AbortSignal, attempt: number) => Promise<void> | void>;
  /** The same after the effect: an answer that is lost. */
  readonly after: Map<string, (signal: AbortSignal, attempt: number) => Promise<void> | void>;
  /** What planning answers. */
  plan: Json | Error;
  count(effect: string): number;
}

export function makeFarSide(): FarSide {
  const effects: string[] = [];
  const claimed = new Set<string>();
  const claims = {
    async release(run: string) {
      claimed.delete(run);
    },
    async settle(run: string) {
      claimed.delete(run);
    },
    owners: async () => new Set(claimed),
  };
  return {
    things: new Map(),
    effects,
    claimed,
    claims: claims as unknown as Claims,
    before: new Map(),
    after: new Map(),
    plan: { things: ['a', 'b', 'c'] },
    count: (effect) => effects.filter((one) => one === effect).length,
  };
}

export const passing = (message: string) => new RemoteError('the far side', message, { outcome: 'passing' });
export const unknown = (message: string) => new RemoteError('the far side', message, { outcome: 'unknown' });
export const permanent = (message: string) => new RemoteError('the far side', message, { outcome: 'permanent' });
export const wrong = (message: string) => new UserError(message, { hint: '/help' });

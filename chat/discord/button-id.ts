import { clip } from '../clip.ts';
import { most } from './render/limits.ts';

/**
 * What a button's `custom_id` says: the token, and how often it was asked for. Discord has no dialogs, so a private message asks, and what it asks
 * stands in the id: `TOKEN?Take it back?`; then any gateway can ask, and none has to remember anything. The button of that private message has `TOKEN!`. Tokens hold
 * none of `~ ? !`.
 */
export interface ButtonId {
  readonly token: string;
  /** What is asked before it counts; `''` when only "really?" is. */
  readonly ask?: string;
  /** It was asked for already, by a message that has done its work now. */
  readonly asked?: true;
}

/** `nth` parts buttons of one message that mean the same: Discord refuses an id that comes twice. */
export function writeButtonId({ token, ask, asked }: ButtonId, nth = 0): string {
  const head = `${token}${nth > 0 ? `~${nth}` : ''}`;
  if (asked) return `${head}!`;
  return ask === undefined ? head : clip(`${head}?${ask}`, most.customId);
}

export function readButtonId(id: string): ButtonId {
  const [, token = '', mark, ask = ''] = /^([^~?!]*)(?:~\d+)?([?!])?(.*)$/s.exec(id) ?? [];
  if (mark === '?') return { token, ask };
  return mark === '!' ? { token, asked: true } : { token };
}

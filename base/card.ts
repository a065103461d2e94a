import type { Offer } from './errors.ts';

/**
 * A message as structure, never as markup: each platform renders it, so that a VM's name or an error's text can
 * never become a mention, a link or bold. It stands in `base` because jobs describe their plans and results with it.
 */
export interface Card {
  readonly tone: Tone;
  /** One whole sentence, for notifications and screen readers. */
  readonly fallback: string;
  readonly blocks: readonly Block[];
  /** What a thread is about, for a platform that gives threads a name: `create k8s-dev on pve2`. */
  readonly topic?: string;
  /** Accounts and groups that the platform tells of this message with a sound. Nobody else is, whatever the text says. */
  readonly ping?: readonly string[];
}

export type Tone = 'info' | 'running' | 'ok' | 'warn' | 'error' | 'ask';

export type Block =
  | { readonly kind: 'title'; readonly text: Text }
  | { readonly kind: 'text'; readonly text: Text }
  | { readonly kind: 'small'; readonly text: Text }
  | { readonly kind: 'fields'; readonly fields: readonly { readonly name: string; readonly value: Text }[] }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number; readonly label: string }
  | { readonly kind: 'steps'; readonly steps: readonly StepLine[] }
  | { readonly kind: 'table'; readonly columns: readonly string[]; readonly rows: readonly (readonly Text[])[] }
  | { readonly kind: 'code'; readonly text: string }
  /** Text to take away: shown as a file where the platform has files. Only in messages that are never edited. */
  | { readonly kind: 'file'; readonly name: string; readonly text: string }
  | { readonly kind: 'actions'; readonly actions: readonly Action[] }
  /** Buttons that type a command. The bot turns them into actions with tokens before a platform sees the card. */
  | { readonly kind: 'offers'; readonly offers: readonly Offer[] };

export interface StepLine {
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'undone' | 'skipped';
  readonly label: string;
  /** When it began, ms since the epoch by Redis' clock; lets a client tick by itself. */
  readonly startedAt?: number;
  readonly tookMs?: number;
  readonly note?: string;
}

/** A plain string is text without any meaning; a list mixes pieces. */
export type Text = Inline | readonly Inline[];
export type Inline =
  | string
  | { readonly b: string }
  | { readonly code: string }
  /** A person: their key or account (see `chat/platform.ts`), and the name for where that says nothing. */
  | { readonly who: string; readonly name: string }
  /** A moment, ms since the epoch; shown relative ("in 5 min") where the platform can. */
  | { readonly at: number }
  | { readonly link: string; readonly href: string };

export type Action = Button | Link;

/** `token` is opaque to the platform: all that comes back when it is pressed. At most 90 letters, digits, `-` and `_`. */
export interface Button {
  readonly label: string;
  readonly token: string;
  readonly tone?: 'primary' | 'danger';
  /** Asked once more before it counts. */
  readonly confirm?: string;
}

/** Opens a page. */
export interface Link {
  readonly label: string;
  readonly href: string;
}

/** The text of a {@link Text} without its formatting. */
export function plain(text: Text): string {
  if (Array.isArray(text)) return text.map((piece) => plain(piece)).join('');
  const piece = text as Inline;
  if (typeof piece === 'string') return piece;
  if ('b' in piece) return piece.b;
  if ('code' in piece) return piece.code;
  if ('who' in piece) return `@${piece.name}`;
  if ('at' in piece) return new Date(piece.at).toISOString();
  return piece.link;
}

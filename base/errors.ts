/** The person can put this right. Shown word for word, never retried. */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** What to do now, often a command to type. */
  readonly hint: string | undefined;
  /** Commands that would put it right, offered as buttons. */
  readonly offers: readonly Offer[];
  constructor(message: string, options: { hint?: string; offers?: readonly Offer[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.hint = options.hint;
    this.offers = options.offers ?? [];
  }
}

/** A button that types a command for the person who presses it. */
export interface Offer {
  readonly label: string;
  /** `/template build debian-12` */
  readonly command: string;
  readonly tone?: 'primary' | 'danger';
}

/**
 * What is known after another system failed:
 * - `passing`: nothing happened there; the same call may be made again.
 * - `permanent`: nothing happened there, and the same call will fail again.
 * - `unknown`: the call may have been carried out; look before doing it again.
 */
export type Outcome = 'passing' | 'permanent' | 'unknown';

/** Another system said no, or said nothing. */
export class RemoteError extends Error {
  override readonly name: string = 'RemoteError';
  /** Who said it, as a person would call it: `Proxmox pve1`, `SSH 10.0.0.7`. */
  readonly system: string;
  readonly outcome: Outcome;
  readonly hint: string | undefined;
  /** Commands that would help, offered as buttons. */
  readonly offers: readonly Offer[];
  constructor(
    system: string,
    message: string,
    options: { outcome: Outcome; hint?: string; offers?: readonly Offer[]; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.system = system;
    this.outcome = options.outcome;
    this.hint = options.hint;
    this.offers = options.offers ?? [];
  }
}

/** One line that says what went wrong, for a person: the system first when it was another one. */
export function sentence(error: unknown): string {
  if (error instanceof RemoteError) return `${error.system}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

/** What went wrong, and what to do about it where that is known. Whoever shows it says which system it is about. */
export function withHint(error: unknown): string {
  if (!(error instanceof UserError || error instanceof RemoteError)) return sentence(error);
  return error.hint ? `${error.message} ${error.hint}` : error.message;
}

/** What {@link sentence} says with a full stop, for another sentence to follow. What others say often has none. */
export function fullSentence(error: unknown): string {
  return sentence(error).replace(/[^.!?…:]$/, '$&.');
}

import type { Outcome } from '../deliver/delivery.ts';
import type { Message } from '../message.ts';

/** What a person saw at once after they did something. What comes later (a message, a form) is read with `lab.until`. */
export interface Shown {
  /** The app acknowledged it in time. */
  readonly ok: boolean;
  /** `operation_timeout`, `dispatch_failed`, … */
  readonly error: string | undefined;
  /** What they read: the answer that came with the acknowledgement, or why it failed. */
  readonly text: string;
  /** That answer as a message. */
  readonly message: Message | undefined;
  /** What came with the acknowledgement. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** From sending to the acknowledgement, in ms. */
  readonly ackMs: number;
  /** The dialog that asked whether they are sure. */
  readonly dialog: Dialog | undefined;
}

/** "Are you sure?" */
export interface Dialog {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly deny: string;
}

/** What they see when nothing was sent, or an acknowledgement with nothing to show. */
export function shown(outcome: Outcome | undefined, more: Partial<Shown> = {}): Shown {
  return {
    ok: outcome?.ok ?? true,
    error: outcome?.error,
    text: '',
    message: undefined,
    payload: outcome?.payload ?? {},
    ackMs: outcome?.tookMs ?? 0,
    dialog: undefined,
    ...more,
  };
}

import type { Block } from './message.ts';

/** A modal or a home tab. Another version of it is another object under the same id. */
export interface View {
  readonly id: string;
  readonly kind: 'modal' | 'home';
  readonly userId: string;
  readonly hash: string;
  readonly rootId: string;
  readonly previousId: string | null;
  /** Where the trigger that opened it came from. */
  readonly channelId?: string | undefined;
  readonly title: string;
  readonly submit: string | undefined;
  readonly close: string | undefined;
  readonly blocks: readonly Block[];
  readonly privateMetadata: string;
  readonly callbackId: string;
  readonly externalId: string;
  readonly notifyOnClose: boolean;
  readonly clearOnClose: boolean;
  /** What a person has put in: block id → action id → value, as Slack sends it. */
  readonly state: Map<string, Map<string, Readonly<Record<string, unknown>>>>;
  /** What the app found wrong, by block id; shown at the inputs. */
  errors: Readonly<Record<string, string>>;
}

/** Permission to open a modal before somebody who has just done something. */
export interface Trigger {
  readonly id: string;
  readonly userId: string;
  readonly channelId?: string | undefined;
  /** The modal in which it was done. */
  readonly viewId?: string | undefined;
  readonly at: number;
  used: boolean;
}

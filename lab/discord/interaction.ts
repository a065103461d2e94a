import type { Choice } from './command.ts';
import type { Component } from './message.ts';

export interface Interaction {
  readonly id: string;
  readonly token: string;
  /** 2 slash command, 3 button or list, 4 autocomplete, 5 modal. */
  readonly type: 2 | 3 | 4 | 5;
  readonly userId: string;
  readonly channelId: string;
  readonly createdAt: number;
  readonly data: Readonly<Record<string, unknown>>;
  /** The message that it was pressed on. */
  readonly messageId: string | undefined;
  /** The interaction that was answered with the modal that this one sends. */
  readonly openedBy: string | undefined;
  /** `vm create` */
  readonly commandName: string | undefined;
  answer: Answer | undefined;
  /** Its own message: the reply, or the message it was pressed on after an update. */
  originalId: string | undefined;
  /** The client has given up: "The application did not respond". */
  failed: boolean;
}

/** How an interaction was answered first; `type` as in the callback. */
export interface Answer {
  readonly type: 4 | 5 | 6 | 7 | 8 | 9;
  readonly ephemeral: boolean;
  readonly choices: readonly Choice[];
  readonly modal: Modal | undefined;
}

export interface Modal {
  /** The interaction that was answered with it. */
  readonly interactionId: string;
  readonly userId: string;
  readonly channelId: string;
  readonly customId: string;
  readonly title: string;
  readonly components: readonly Component[];
}

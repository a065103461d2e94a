export interface Component {
  readonly type: number;
  readonly id: number;
  readonly custom_id?: string;
  readonly label?: string;
  readonly content?: string;
  readonly url?: string | null;
  readonly style?: number;
  readonly disabled?: boolean;
  readonly components?: readonly Component[];
  readonly accessory?: Component;
  readonly component?: Component;
  readonly [more: string]: unknown;
}

export interface Attachment {
  readonly id: string;
  readonly filename: string;
  readonly bytes: Buffer;
  readonly contentType: string | undefined;
  readonly description: string | undefined;
}

export interface Message {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  readonly createdAt: number;
  editedAt: number | undefined;
  /** 0 said, 19 an answer to a message, 20 the answer to a slash command. */
  readonly type: 0 | 19 | 20;
  content: string;
  embeds: readonly Readonly<Record<string, unknown>>[];
  components: readonly Component[];
  attachments: readonly Attachment[];
  flags: number;
  /** Whom it told with a sound: users and roles. */
  mentions: readonly string[];
  mentionsEveryone: boolean;
  readonly nonce: string | number | undefined;
  readonly replyTo: string | undefined;
  /** The interaction it answers. */
  readonly interactionId: string | undefined;
  /** The one person who sees it, if it is ephemeral. */
  readonly onlyFor: string | undefined;
  /** Who reacted, by emoji. */
  readonly reactions: Map<string, Set<string>>;
}

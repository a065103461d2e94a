/** A block or an element of one, as it came and was found right. */
export interface Block {
  readonly type: string;
  readonly block_id?: string;
  readonly action_id?: string;
  readonly [key: string]: unknown;
}

/** What a message says. */
export interface Content {
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly attachments: readonly Readonly<Record<string, unknown>>[];
}

export interface Message {
  readonly ts: string;
  readonly channel: string;
  /** The author's user id; the bot's is a user's id too. */
  readonly user: string;
  /** Set when the app wrote it. */
  readonly botId?: string | undefined;
  /** The message whose thread this stands in. Its own `ts` is never here. */
  readonly threadTs?: string | undefined;
  readonly broadcast: boolean;
  /** Ephemeral: only this person sees it. */
  readonly onlyFor?: string | undefined;
  readonly createdAt: number;
  readonly files: readonly string[];
  content: Content;
  metadata: unknown;
  /** When it was last edited by a person's hand, or by the app without blocks. */
  editedTs: string | undefined;
  /** How often it was edited. */
  edits: number;
  /** Names of emoji and who put them. */
  readonly reactions: Map<string, Set<string>>;
  pinned: boolean;
}

/** Somebody who asks for something, as rules see them. */
export interface Principal {
  /** One for each human or bot, on whatever platform they are. */
  readonly key: string;
  readonly name: string;
  /** The account with which they ask: `slack:T012AB3CD:U0ANA`. */
  readonly account: string;
  readonly groups: readonly string[];
  /** They stand in `people`, or are in a group that the configuration names. */
  readonly known: boolean;
  /** Why they are none of ours: `you are of another Slack workspace`. Undefined for those who are. */
  readonly outside?: string | undefined;
}

/** A command as rules see it. */
export interface CommandKind {
  /** `vm create` */
  readonly path: string;
  readonly risk: 'read' | 'change' | 'destroy';
  /** It only answers, and starts no job though it may change something: nobody can be asked before it. */
  readonly answers?: boolean | undefined;
  /** It is for people whom the configuration names, whatever everybody may. */
  readonly forKnown?: boolean | undefined;
}

/** How others are asked before something is done. */
export interface Approval {
  /** How many different people must say yes. */
  readonly need: number;
  /** Members of any of these may say yes; empty means everybody who may change things. */
  readonly groups: readonly string[];
  /** Whether the one who asked may say yes too. */
  readonly selfOk: boolean;
  readonly expiresMs: number;
  /** Nobody else is there to ask: whoever asked types the name of what it is about instead. */
  readonly typeName?: boolean;
}

/** How much a platform bears. What is left out is not limited. */
export interface Pace {
  /** Edits of messages, over the whole platform. */
  readonly edits?: Budget;
  /** Edits in one channel. */
  readonly editsInChannel?: Budget;
  /** New messages, over the whole platform. */
  readonly posts?: Budget;
  readonly postsInChannel?: Budget;
  /** A thread is a channel of its own to the platform, with the limits of one. */
  readonly threadsApart?: true;
  /** For how long after posting a message may be edited, ms; then a fresh one goes on in its place. */
  readonly editableMs?: number;
  /** `all`: threads get every line of a run's log. `notes`: only what a person should read; the log is a file. */
  readonly thread: 'all' | 'notes';
}

/** A bucket: `burst` at once, refilled by `perMinute`. */
export interface Budget {
  readonly perMinute: number;
  readonly burst: number;
}

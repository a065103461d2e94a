/** What Slack answers when it does not do something: `{ok: false, error: 'channel_not_found'}`. */
export class SlackError extends Error {
  override readonly name = 'SlackError';
  readonly code: string;
  /** What goes along with the answer: `needed` and `provided`, `response_metadata`. */
  readonly more: Readonly<Record<string, unknown>>;

  constructor(code: string, more: Readonly<Record<string, unknown>> = {}) {
    super(code);
    this.code = code;
    this.more = more;
  }
}

/** With the sentences that Slack adds for developers. */
export function slackError(code: string, messages: readonly string[]): SlackError {
  return new SlackError(code, { response_metadata: { messages } });
}

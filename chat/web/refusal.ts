import type { OutgoingHttpHeaders } from 'node:http';
import { RemoteError, sentence, UserError } from '#base/errors.ts';

/** A request that gets this status and this sentence. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  constructor(status: number, message: string, headers: OutgoingHttpHeaders = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** What the page is told of an error: the sentence, what to do, and whether the same request may simply be sent again. */
export interface Complaint {
  readonly message: string;
  readonly hint?: string;
  readonly again: boolean;
}

/** The status and the complaint for an error; `bug` when nobody but us can put it right. */
export function complain(error: unknown): {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly complaint: Complaint;
  readonly bug: boolean;
} {
  if (error instanceof Refusal) {
    const { status, headers, message } = error;
    return { status, headers, complaint: { message, again: status === 429 }, bug: false };
  }
  if (error instanceof UserError) {
    return {
      status: 422,
      headers: {},
      complaint: { message: error.message, ...hintOf(error), again: false },
      bug: false,
    };
  }
  if (error instanceof RemoteError) {
    const again = error.outcome === 'passing';
    const complaint = { message: sentence(error), ...hintOf(error), again };
    return { status: again ? 503 : 502, headers: {}, complaint, bug: false };
  }
  const complaint = { message: 'Botswain made a mistake.', hint: 'The gateway’s log has the details.', again: false };
  return { status: 500, headers: {}, complaint, bug: true };
}

function hintOf({ hint }: { readonly hint: string | undefined }): { hint?: string } {
  return hint === undefined ? {} : { hint };
}

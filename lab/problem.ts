/** An API answer other than 200. Proxmox repeats the text in the reason phrase and in `message`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  /** Parameter name → what is wrong with it; only with status 400. */
  readonly errors: Readonly<Record<string, string>> | undefined;
  /** `json` as most answers, `text` as the HTTP layer's own complaints, `empty` when only the reason phrase speaks. */
  readonly form: 'json' | 'text' | 'empty';
  /** Held back this long as Proxmox does after a failed login; the server's `authDelayMs` decides the length. */
  readonly delayed: boolean;

  constructor(status: number, message: string, options: ProblemOptions = {}) {
    super(message);
    this.status = status;
    this.errors = options.errors;
    this.form = options.form ?? 'json';
    this.delayed = options.delayed ?? false;
  }
}

/** The everyday failure: status 500 with Perl's `die` text. */
export function died(message: string): Problem {
  return new Problem(500, message);
}

/** 400 with one message per wrong parameter, all at once. */
export function badParameters(errors: Record<string, string>): Problem {
  return new Problem(400, 'Parameter verification failed.', { errors });
}

/** 403 naming what is missing: `(/vms/100, VM.Clone)`; some checks name nothing. */
export function forbidden(what?: string): Problem {
  return new Problem(403, what === undefined ? 'Permission check failed' : `Permission check failed (${what})`);
}

interface ProblemOptions {
  readonly errors?: Record<string, string>;
  readonly form?: 'json' | 'text' | 'empty';
  readonly delayed?: boolean;
}

import { type Offer, type Outcome, RemoteError } from '#base/errors.ts';

/** What went wrong, in one word; {@link classify} finds it. */
export type Kind =
  | 'auth'
  | 'permission'
  | 'root only'
  | 'validation'
  | 'missing'
  | 'exists'
  | 'in use'
  | 'protected'
  | 'running'
  | 'locked'
  | 'lock timeout'
  | 'digest'
  | 'busy'
  | 'vm down'
  | 'agent down'
  | 'agent not configured'
  | 'guest timeout'
  | 'start failed'
  | 'storage'
  | 'image'
  | 'unsupported'
  | 'no quorum'
  | 'node down'
  | 'fingerprint'
  | 'answer too long'
  | 'unknown outcome'
  | 'other';

/** Proxmox VE refused a call, a task of it failed, or nobody answered. The message is for people; `kind` is for code. */
export class ProxmoxError extends RemoteError {
  override readonly name = 'ProxmoxError';
  readonly kind: Kind;
  /** The HTTP status; undefined for a task's end and when nobody answered. */
  readonly status: number | undefined;
  /** What Proxmox said of each parameter (status 400). */
  readonly fields: Readonly<Record<string, string>>;
  /** It tells of the end of a task: whoever waits for that task again hears the same. */
  readonly taskEnded: boolean;

  constructor(cluster: string, message: string, details: Details) {
    super(`Proxmox ${cluster}`, message, details);
    this.kind = details.kind;
    this.status = details.status;
    this.fields = details.fields ?? {};
    this.taskEnded = details.taskEnded ?? false;
  }
}

/** What was asked sent more than is read, or sent without end. */
export const isTooLong = (error: unknown): error is ProxmoxError =>
  error instanceof ProxmoxError && error.kind === 'answer too long';

interface Details {
  readonly kind: Kind;
  readonly outcome: Outcome;
  readonly hint?: string;
  readonly offers?: readonly Offer[];
  readonly status?: number;
  readonly fields?: Readonly<Record<string, string>>;
  readonly taskEnded?: boolean;
  readonly cause?: unknown;
}

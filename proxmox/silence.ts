import { ConnectFailure, Untrusted } from './connection.ts';
import { ProxmoxError } from './errors.ts';
import { AnswerTooLong } from './read-body.ts';

/** A call without an answer: where it went, and whether it could have changed something. */
export interface Unanswered {
  readonly cluster: string;
  readonly host: string;
  /** Its method and path. */
  readonly call: string;
  readonly changes: boolean;
}

/**
 * The error for a call that nobody answered. When no connection came about nothing was sent; when it broke later, a call that changes
 * something may have been carried out.
 */
export function silence(cause: unknown, { cluster, host, call, changes }: Unanswered): ProxmoxError {
  if (cause instanceof Untrusted) {
    return new ProxmoxError(cluster, `${host} can't be trusted: ${cause.message}; it shows ${cause.fingerprint}`, {
      kind: 'fingerprint',
      outcome: 'permanent',
      hint: `If that is what \`pvenode cert info\` shows on the node itself, put it into tls.fingerprints of cluster ${cluster}.`,
      cause,
    });
  }
  if (cause instanceof ConnectFailure) {
    return new ProxmoxError(cluster, `${host} can't be reached: ${cause.message}`, {
      kind: 'node down',
      outcome: 'passing',
      hint: `Is ${host} the right address (hosts of cluster ${cluster}), and is pveproxy running there?`,
      cause,
    });
  }
  if (cause instanceof AnswerTooLong) {
    const doubt = changes ? ', so it may have been done' : '';
    return new ProxmoxError(cluster, `${host} was cut off, as its answer to ${call} ${cause.message}${doubt}`, {
      kind: changes ? 'unknown outcome' : 'answer too long',
      outcome: changes ? 'unknown' : 'passing',
      hint: `See with \`pvesh get ${call.replace(/^\S+ /, '')}\` on a node what Proxmox VE says itself; if that is short, look for a proxy at ${host}.`,
      cause,
    });
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  if (!changes) {
    return new ProxmoxError(cluster, `${host} did not answer (${call}: ${why})`, {
      kind: 'node down',
      outcome: 'passing',
      cause,
    });
  }
  return new ProxmoxError(
    cluster,
    `${host} took the call but never answered, so it may have been done (${call}: ${why})`,
    {
      kind: 'unknown outcome',
      outcome: 'unknown',
      cause,
    },
  );
}

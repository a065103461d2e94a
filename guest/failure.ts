import { type Outcome, RemoteError } from '#base/errors.ts';
import { fingerprint, publicKeyOf } from './keys.ts';
import type { Jump, ShellTarget } from './shell.ts';

/** What stands in the way of a login. */
export type Obstacle =
  | 'refused'
  | 'unreachable'
  | 'silent'
  | 'slow'
  | 'lost'
  | 'authentication'
  | 'host key'
  | 'forbidden'
  | 'no agreement'
  /** It sends without end. */
  | 'flood';

/** A machine did not let us in, or its connection broke. */
export class SshError extends RemoteError {
  override readonly name = 'SshError';
  readonly obstacle: Obstacle;
  constructor(
    host: Host,
    obstacle: Obstacle,
    message: string,
    options: { cause?: unknown; hint?: string; outcome?: Outcome } = {},
  ) {
    super(systemOf(host), message, { outcome: permanent.has(obstacle) ? 'permanent' : 'passing', ...options });
    this.obstacle = obstacle;
  }
}

export type Host = ShellTarget | Jump;

/** As errors name it: `SSH 10.0.0.7`. */
export const systemOf = (host: Host): string => `SSH ${host.host}`;

/** What comes out of sockets and of ssh2. */
export type Failed = Error & { readonly code?: string; readonly level?: string; readonly reason?: number | string };

const permanent: ReadonlySet<Obstacle> = new Set(['authentication', 'host key', 'forbidden', 'no agreement', 'flood']);

export function socketFailure(host: Host, cause: Failed): SshError {
  if (cause.code === 'ECONNREFUSED') return refused(host, cause);
  if (cause.code === 'ECONNRESET' || cause.code === 'EPIPE') return lost(host, cause);
  const words =
    cause.code === 'ENOTFOUND' ? `the name ${host.host} is unknown` : `it can't be reached (${cause.message})`;
  return new SshError(host, 'unreachable', words, { cause });
}

/** The jump host could not, or would not, open a way to the machine behind it. */
export function wayFailure(target: ShellTarget, jump: Jump, cause: Failed): SshError {
  const administrativelyProhibited = 1;
  if (cause.reason === administrativelyProhibited) {
    const words = `jump host ${jump.host} lets nobody through to port ${target.port}`;
    return new SshError(target, 'forbidden', words, { cause, hint: `Set AllowTcpForwarding yes in its sshd_config.` });
  }
  if (/refused/i.test(cause.message)) return refused(target, cause);
  return new SshError(target, 'unreachable', `jump host ${jump.host} can't reach its port ${target.port}`, { cause });
}

/** An error of ssh2 before the login was through; `hostKey` is the one that answered, if any did. */
export function loginFailure(host: Host, hostKey: string, cause: Failed): SshError {
  if (cause.level === 'client-authentication') return notLetIn(host, cause);
  if (hostKey !== '' && host.hostKey !== undefined && hostKey !== host.hostKey) {
    return new SshError(host, 'host key', `its host key is ${hostKey} and should be ${host.hostKey}`, {
      cause,
      hint: 'Another machine answers at this address, or it was installed anew.',
    });
  }
  if (cause.level === 'client-socket') return socketFailure(host, cause);
  if (cause.level === 'handshake') return new SshError(host, 'no agreement', farWords(cause.message), { cause });
  return lost(host, cause);
}

/** Words of ssh2 in which what the machine sent may stand, up to a whole packet of it: one short line. */
export function farWords(text: string): string {
  const line = text.toWellFormed().replaceAll(/[\p{C}\ufffd\s]+/gu, ' ');
  return line.length <= 200 ? line : `${line.slice(0, 199).toWellFormed()}…`;
}

export function lost(host: Host, cause?: unknown): SshError {
  return new SshError(host, 'lost', 'the connection was closed before anybody was let in', { cause });
}

function refused(host: Host, cause: unknown): SshError {
  return new SshError(host, 'refused', `nothing listens on port ${host.port} (connection refused)`, { cause });
}

function notLetIn(host: Host, cause: unknown): SshError {
  const key =
    host.privateKey === undefined ? 'without a key' : `with the key ${fingerprint(publicKeyOf(host.privateKey))}`;
  return new SshError(host, 'authentication', `user ${host.user} is not let in ${key}`, {
    cause,
    hint: `Put the public key into the machine's ~${host.user}/.ssh/authorized_keys.`,
  });
}

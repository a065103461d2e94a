import { atSite } from '#base/site.ts';
import { connect, type Patience } from './connect.ts';
import { exec } from './exec.ts';

/** A machine to talk to. `privateKey` is the key itself (OpenSSH or PEM text), never a path. */
export interface ShellTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly privateKey: string;
  /** `SHA256:…` as `ssh-keygen -l` prints it; when given, any other host key is refused. */
  readonly hostKey?: string;
  /** A bastion on the way (ssh's `-J`). */
  readonly jump?: Jump;
}

/** A bastion; without a key of its own it is asked to let us in as we are. */
export interface Jump {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly privateKey?: string;
  readonly hostKey?: string;
}

/** An open SSH connection. */
export interface GuestShell extends AsyncDisposable {
  /** The host key that answered, `SHA256:…`. */
  readonly hostKey: string;
  /**
   * Runs a command line by the remote shell; a non-zero exit is an answer, not an error. Rejects with a
   * `RemoteError` when the connection breaks, or the command prints too much or takes too long.
   */
  exec(command: string, options?: ExecOptions): Promise<Finished>;
}

export interface ExecOptions {
  /** When it is aborted the command is told to end, and nobody waits for it. */
  readonly signal?: AbortSignal;
  readonly stdin?: string;
  /** So much may it print, on both streams together; 64 MiB otherwise. A command that prints more is told to end. */
  readonly mostBytes?: number;
  /** So long may it take, in ms; an hour otherwise. Then it is told to end. */
  readonly limitMs?: number;
  /**
   * Called with each whole line as it comes, of stdout and stderr: the first 1000 characters of
   * the first 2000 lines of each stream, and of its last 20 at the end.
   */
  onLine?(line: string): void;
}

export interface Finished {
  /** 128 + the number of the signal that killed it, as shells say it. */
  readonly code: number;
  /** Of very long output the last 8 MiB. */
  readonly stdout: string;
  readonly stderr: string;
}

const patience: Patience = { connectMs: 10_000, greetingMs: 15_000, loginMs: 30_000 };

/**
 * Opens an SSH connection with the target's key and no other. It closes at once when the signal is aborted, also later on. Rejects with an
 * `SshError` that says what stood in the way, or with a `UserError` when the private key can't be read.
 */
export async function openShell(target: ShellTarget, signal: AbortSignal): Promise<GuestShell> {
  const connection = await atSite('ssh login', () => connect(target, patience, signal));
  signal.addEventListener('abort', connection.cut, { once: true });
  if (signal.aborted) connection.cut();
  return {
    hostKey: connection.hostKey,
    exec: (command, options = {}) => atSite('ssh exec', () => exec(target, connection, command, options)),
    async [Symbol.asyncDispose]() {
      signal.removeEventListener('abort', connection.cut);
      await connection.end();
    },
  };
}

/** A machine to talk to. `key` is the private key itself (OpenSSH or PEM text), never a path. */
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
  /** Runs a command line by the remote shell; a non-zero exit is an answer, not an error. */
  exec(command: string, options?: ExecOptions): Promise<Finished>;
}

export interface ExecOptions {
  readonly signal?: AbortSignal;
  readonly stdin?: string;
  /** Called with each whole line as it comes. */
  onLine?(line: string): void;
}

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

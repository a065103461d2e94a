import { RemoteError } from '#base/errors.ts';
import type { ShellTarget } from './shell.ts';

/** What a failed connection means, in words. `hostKey` is the one that answered, when it came that far. */
export function explain(
  target: ShellTarget,
  error: Error & { level?: string; code?: string },
  hostKey?: string,
): RemoteError {
  const system = `SSH ${target.host}`;
  if (target.hostKey !== undefined && hostKey !== undefined && hostKey !== target.hostKey) {
    return new RemoteError(system, `It shows the host key ${hostKey}, and ${target.hostKey} was expected.`, {
      outcome: 'permanent',
      hint: 'Another machine may have this address now.',
      cause: error,
    });
  }
  if (error.level === 'client-authentication') {
    return new RemoteError(system, `It refuses ${target.user} with the key of the configuration.`, {
      outcome: 'permanent',
      hint: 'Is the public half of ssh.privateKey in its authorized_keys?',
      cause: error,
    });
  }
  const words: Record<string, string> = {
    ECONNREFUSED: 'Nothing listens on port',
    EHOSTUNREACH: 'There is no way there; port',
    ENETUNREACH: 'There is no way there; port',
    ETIMEDOUT: 'It does not answer on port',
  };
  const said = error.code === undefined ? undefined : words[error.code];
  return new RemoteError(system, said ? `${said} ${target.port}.` : error.message, {
    outcome: 'passing',
    cause: error,
  });
}

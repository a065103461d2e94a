import { sentence, withHint } from '#base/errors.ts';
import { atSite } from '#base/site.ts';
import { type Connection, connect, type Patience } from './connect.ts';
import { exec } from './exec.ts';
import { type Obstacle, SshError, systemOf } from './failure.ts';
import type { Finished, ShellTarget } from './shell.ts';

/** Quick to notice that nothing is there; slow to give up on an emulated machine that is busy with the handshake. */
const patience: Patience = { connectMs: 3_000, greetingMs: 5_000, loginMs: 20_000 };

/** So much may be printed in answer to a question: it is some lines. */
const mostBytes = 1024 * 1024;

/** Runs a command line on the machine that let us in. */
export type RunCommand = (command: string) => Promise<Finished>;

export type SshState<T> =
  /** The key was accepted by this host key; `answer` is what was asked there. */
  | { readonly state: 'ready'; readonly hostKey: string; readonly hostKeyType: string; readonly answer: T }
  /** `why` goes on a sentence: `SSH is not ready: …`. */
  | { readonly state: 'not yet'; readonly obstacle: Obstacle; readonly why: string };

/**
 * Tries once whether SSH lets us in, and asks something there. What time may put right is an answer, a refused key too:
 * cloud-init writes keys after sshd has started, and a machine that is about to restart runs no command. A host key
 * other than the expected one, a jump host that refuses us, a machine that floods us or a key that can't be read are
 * thrown. Each question may take `commandMs`.
 */
export async function trySsh<T>(
  target: ShellTarget,
  signal: AbortSignal,
  ask: (run: RunCommand) => Promise<T>,
  { commandMs = 30_000 }: { readonly commandMs?: number } = {},
): Promise<SshState<T>> {
  try {
    const connection = await atSite('ssh login', () => connect(target, patience, signal));
    const { hostKey, hostKeyType } = connection;
    try {
      return {
        state: 'ready',
        hostKey,
        hostKeyType,
        answer: await ask(runner(target, connection, { commandMs, signal })),
      };
    } finally {
      await connection.end();
    }
  } catch (error) {
    if (error instanceof CommandError) return { state: 'not yet', obstacle: 'lost', why: error.message };
    if (!(error instanceof SshError)) throw error;
    const isTargets = error.system === systemOf(target);
    const passes = error.outcome === 'passing' || (isTargets && error.obstacle === 'authentication');
    if (!passes) throw error;
    return { state: 'not yet', obstacle: error.obstacle, why: isTargets ? error.message : sentence(error) };
  }
}

type Asking = { readonly commandMs: number; readonly signal: AbortSignal };

function runner(target: ShellTarget, connection: Connection, { commandMs, signal }: Asking): RunCommand {
  const options = { signal, limitMs: commandMs, mostBytes };
  return async (command) => {
    try {
      return await atSite('ssh exec', () => exec(target, connection, command, options));
    } catch (error) {
      signal.throwIfAborted();
      // Questions change nothing, and a machine that floods will flood again.
      if (error instanceof SshError && error.obstacle === 'flood')
        throw new SshError(target, 'flood', error.message, { cause: error });
      throw new CommandError(`it lets us in, but ${withHint(error)}`, { cause: error });
    }
  };
}

class CommandError extends Error {
  override readonly name = 'CommandError';
}

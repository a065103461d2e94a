import { sentence } from '#base/errors.ts';
import { atSite } from '#base/site.ts';
import { openPath } from './connect.ts';
import { SshError, systemOf } from './failure.ts';
import type { ShellTarget } from './shell.ts';

export type Probed =
  /** A machine is there: it took the connection, or refused it. */
  | { readonly state: 'answers' }
  /** Nothing came back. */
  | { readonly state: 'silent' }
  /** It can't be tried from here; `why` is a sentence without its full stop. */
  | { readonly state: 'unknown'; readonly why: string };

/** How long an answer may take, ms. A machine on the next wire answers in less than one. */
const patience = { connectMs: 2_000, greetingMs: 5_000, loginMs: 10_000 };

/**
 * Tries whether a machine answers on a port, on the way that SSH goes: through the jump host when there is one.
 * Nobody logs in to the machine. Rejects only with the signal's reason.
 */
export async function probePort(target: ShellTarget, signal: AbortSignal): Promise<Probed> {
  try {
    const { stream, bastion } = await atSite('ssh probe', () => openPath(target, patience, signal));
    stream.destroy();
    bastion?.cut();
    return { state: 'answers' };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SshError)) return { state: 'unknown', why: sentence(error) };
    if (error.system !== systemOf(target)) return { state: 'unknown', why: sentence(error) };
    if (error.obstacle === 'refused' || error.obstacle === 'lost') return { state: 'answers' };
    // The worker's own network has no way there, or the jump host lets nobody through.
    const noWay = error.obstacle === 'forbidden' || wayless.has(codeOf(error.cause));
    return noWay ? { state: 'unknown', why: sentence(error) } : { state: 'silent' };
  }
}

const wayless: ReadonlySet<string> = new Set(['ENETUNREACH', 'EACCES', 'EPERM', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']);

const codeOf = (cause: unknown) => String((cause as { code?: unknown } | undefined)?.code ?? '');

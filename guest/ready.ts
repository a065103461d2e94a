import { sentence } from '#base/errors.ts';
import { atSite } from '#base/site.ts';
import { connect, type Patience } from './connect.ts';
import { type Obstacle, SshError, systemOf } from './failure.ts';
import type { ShellTarget } from './shell.ts';

/** Quick to notice that nothing is there; slow to give up on an emulated machine that is busy with the handshake. */
const patience: Patience = { connectMs: 3_000, greetingMs: 5_000, loginMs: 20_000 };

export type SshState =
  /** The key was accepted by this host key. */
  | { readonly state: 'ready'; readonly hostKey: string; readonly hostKeyType: string }
  /** `why` goes on a sentence: `SSH did not let us in: …`. */
  | { readonly state: 'not yet'; readonly obstacle: Obstacle; readonly why: string };

/**
 * Tries once whether SSH lets us in. What time may put right is an answer, a refused key too: cloud-init writes keys after sshd has started. A host
 * key other than the expected one, a jump host that refuses us or a key that can't be read are thrown.
 */
export async function trySsh(target: ShellTarget, signal: AbortSignal): Promise<SshState> {
  try {
    const { hostKey, hostKeyType, end } = await atSite('ssh login', () => connect(target, patience, signal));
    await end();
    return { state: 'ready', hostKey, hostKeyType };
  } catch (error) {
    if (!(error instanceof SshError)) throw error;
    const isTargets = error.system === systemOf(target);
    const passes = error.outcome === 'passing' || (isTargets && error.obstacle === 'authentication');
    if (!passes) throw error;
    return { state: 'not yet', obstacle: error.obstacle, why: isTargets ? error.message : sentence(error) };
  }
}

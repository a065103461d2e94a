import { systemClock } from '#base/clock.ts';
import { ms } from '#base/duration.ts';
import { spellList } from '#base/spell-list.ts';
import type { Cluster } from './cluster.ts';
import { isTooLong, ProxmoxError } from './errors.ts';

/** What each node said, and which nodes said nothing in time. */
export interface Asked<T> {
  readonly answers: ReadonlyMap<string, T>;
  readonly silent: readonly string[];
}

/**
 * Asks each node about itself, all at once, each within the cluster's `nodeTimeout`. Proxmox hands such a read to the node, where a storage that hangs holds
 * it back for as long as it hangs; so a node that is late, whose answer is too long, or that its cluster can't reach (595 to 599), is left out and named. Other errors are thrown.
 */
export async function askNodes<T>(
  { settings }: Pick<Cluster, 'settings'>,
  nodes: readonly string[],
  ask: (node: string, signal: AbortSignal) => Promise<T>,
): Promise<Asked<T>> {
  const limitMs = ms(settings.nodeTimeout);
  const said = await Promise.all(nodes.map((node) => askNode(node, ask, AbortSignal.timeout(limitMs))));
  return {
    answers: new Map(said.flatMap((one) => ('answer' in one ? [[one.node, one.answer] as const] : []))),
    silent: said.flatMap((one) => ('answer' in one ? [] : one.node)),
  };
}

/** A node may be unreachable for a moment only, so it is asked up to three times within its limit. */
async function askNode<T>(
  node: string,
  ask: (node: string, signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<{ node: string; answer: T } | { node: string }> {
  for (let tries = 1; ; tries++) {
    try {
      return { node, answer: await ask(node, signal) };
    } catch (error) {
      // Another try could cost as much again.
      if (signal.aborted || isTooLong(error)) return { node };
      if (!isUnreachable(error)) throw error;
      if (tries === 3) return { node };
    }
    const rested = await systemClock.sleep(pauseMs * tries, signal).then(
      () => true,
      () => false,
    );
    if (!rested) return { node };
  }
}

const pauseMs = 100;

/** A host answered, and could not reach the node behind it. That no host answers is another matter: then nothing is known of any node. */
const isUnreachable = (error: unknown): boolean => error instanceof ProxmoxError && (error.status ?? 0) >= 595;

/**
 * What one node says within the same limit. Throws a passing `ProxmoxError` of kind `node down` when it says
 * nothing; whoever can do without uses {@link askNodes}.
 */
export async function askOneNode<T>(
  cluster: Pick<Cluster, 'name' | 'settings'>,
  node: string,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { answers, silent } = await askNodes(cluster, [node], async (_, signal) => ({ said: await ask(signal) }));
  const answer = answers.get(node);
  if (answer) return answer.said;
  throw new ProxmoxError(cluster.name, spellSilence(cluster, silent), {
    kind: 'node down',
    outcome: 'passing',
    hint: `Is ${node} up, and does every storage answer there (pvesm status)?`,
  });
}

/** For people: `pve2 did not answer within 5s`. */
export function spellSilence({ settings }: Pick<Cluster, 'settings'>, silent: readonly string[]): string {
  return `${spellList(silent)} did not answer within ${settings.nodeTimeout}`;
}

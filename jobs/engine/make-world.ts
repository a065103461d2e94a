import { once } from 'node:events';
import type { Json } from '#base/json.ts';
import { heed } from './heed.ts';
import { Drained, Lost } from './interruptions.ts';
import { moveLock } from './locks.ts';
import type { Situation } from './situation.ts';
import type { World } from './world.ts';

/** What a step sees, and how the engine waits for it. */
export interface StepWorld extends World {
  /** The work's answer. When it goes on after its signal it is left behind, but not before Proxmox has answered what it sent: see {@link heed}. */
  heed<T>(work: Promise<T>): Promise<T>;
}

/** What a step sees. `id` is its line in the journal, `saved` what an earlier try of it wrote down, `output` what it answered. */
export function makeWorld(
  situation: Situation,
  step: { readonly id: string; readonly saved: Json | undefined; readonly output?: Json | undefined },
  signal: AbortSignal,
): StepWorld {
  const { engine, lease, speaker, cluster, record } = situation;
  const { settings, openShell, clock, runs } = engine.tools;
  let saved = step.saved;
  /** By the time a change would go out somebody else may be at the run; or this step was left behind, and is being taken back. */
  function mayChange(): void {
    lease.ensure();
    signal.throwIfAborted();
  }
  const inTheAir = new Set<Promise<unknown>>();
  function sent(answer: Promise<unknown>): void {
    inTheAir.add(answer);
    const remove = () => inTheAir.delete(answer);
    answer.then(remove, remove);
  }
  /**
   * Before what a step did is taken back, Proxmox must have said what came of it: a clone whose task nobody knows yet would be carried out after all.
   * It does within 40 s, and its whole answer is there, or cut off, 40 s later. After `Lost` and `Drained` nothing is taken back here; another worker looks what is there.
   */
  async function landed(): Promise<void> {
    if (inTheAir.size === 0 || signal.reason instanceof Lost || signal.reason instanceof Drained) return;
    const over = new AbortController();
    const lost = once(lease.lost, 'abort', { signal: over.signal }).catch(() => undefined);
    while (inTheAir.size > 0 && !lease.lost.aborted) await Promise.race([Promise.allSettled(inTheAir), lost]);
    over.abort();
  }
  return {
    runId: lease.run,
    cluster: { ...cluster, api: cluster.api.guarded(mayChange, sent) },
    settings,
    openShell,
    clock,
    runs,
    by: record.by,
    signal,
    get saved() {
      return saved;
    },
    output: step.output,
    async save(handle) {
      const set = { saved: handle === null ? '' : JSON.stringify(handle) };
      await speaker.commit(`${step.id}/saved`, { what: 'step saved', step: { id: step.id, set } });
      saved = handle ?? undefined;
    },
    async moveLock(from, to) {
      mayChange();
      await moveLock(situation, step.id, from, to);
    },
    async waitFor(what) {
      await speaker.commit(`${step.id}/waiting`, { what: 'waiting', set: { waitingFor: what }, progress: true });
    },
    note: (line) => speaker.say('note', step.id, line),
    log: (line) => speaker.say('log', step.id, line),
    heed: (work) => heed(work, signal, engine.times.grace, landed),
  };
}

import type { Json } from '#base/json.ts';
import type { Situation } from './situation.ts';
import type { World } from './world.ts';

/** What a step sees. `id` is its line in the journal, `saved` what an earlier try of it wrote down. */
export function makeWorld(
  { engine, lease, speaker, cluster }: Situation,
  step: { readonly id: string; readonly saved: Json | undefined },
  signal: AbortSignal,
): World {
  const { settings, openShell, clock } = engine.tools;
  let saved = step.saved;
  /** By the time a change would go out somebody else may be at the run; or this step was left behind, and is being taken back. */
  function mayChange(): void {
    lease.ensure();
    signal.throwIfAborted();
  }
  return {
    runId: lease.run,
    cluster: { ...cluster, api: cluster.api.guarded(mayChange) },
    settings,
    openShell,
    clock,
    signal,
    get saved() {
      return saved;
    },
    async save(handle) {
      const set = { saved: handle === null ? '' : JSON.stringify(handle) };
      await speaker.commit(`${step.id}/saved`, { what: 'step saved', step: { id: step.id, set } });
      saved = handle ?? undefined;
    },
    note: (line) => speaker.say('note', step.id, line),
    log: (line) => speaker.say('log', step.id, line),
  };
}

/** The work's answer; when it pays no heed to its signal, it is left behind after `graceMs`. */
export async function heed<T>(work: Promise<T>, signal: AbortSignal, graceMs: number): Promise<T> {
  const left = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  function leave(): void {
    timer = setTimeout(() => left.reject(signal.reason), graceMs);
  }
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([work, left.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
    // What is left behind may still fail, and nobody is there to hear it.
    work.catch(() => undefined);
  }
}

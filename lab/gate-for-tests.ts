import type { Engine } from './engine.ts';
import { startSimulated } from './simulated/engine.ts';
import { quickTimes } from './simulated/times.ts';

/** A simulated engine whose machines get power only while its gate is open, as it is at first. */
export interface GatedEngine extends AsyncDisposable {
  readonly engine: Engine;
  /** From now on `start` waits. */
  shut(): void;
  open(): void;
}

/** Starts one, so that a test sees what goes before a start, however busy the machine is. */
export async function startGated(): Promise<GatedEngine> {
  const engine = await startSimulated({ times: quickTimes });
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  const start: Engine['start'] = async (machine, signal) => {
    await gate.promise;
    await engine.start(machine, signal);
  };
  return {
    engine: { ...engine, start },
    shut() {
      gate = Promise.withResolvers();
    },
    open: () => gate.resolve(),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

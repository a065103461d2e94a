import { systemClock } from '#base/clock.ts';

/** A process of ours, or what stands for it. */
export interface Running {
  /** Resolves with a sentence when it ends, whoever wanted that. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** Starts something and keeps it running: when it ends by itself it is started again, after a pause that grows while it keeps ending. */
export async function keepUp<One extends Running>(
  name: string,
  start: () => Promise<One>,
  say: (line: string) => void,
): Promise<{ first: One; stop(): Promise<void> }> {
  let stopping = false;
  const first = await start();
  let running: Running = first;
  const watching = watch();
  return {
    first,
    async stop() {
      stopping = true;
      await running.stop();
      await watching;
    },
  };

  async function watch(): Promise<void> {
    for (let pauseMs = 500; ; pauseMs = Math.min(pauseMs * 2, 30_000)) {
      const began = performance.now();
      const how = await running.ended;
      if (stopping) return;
      say(`${how}; starting it again.`);
      if (performance.now() - began > 60_000) pauseMs = 500;
      await systemClock.sleep(pauseMs);
      if (stopping) return;
      running = await start().catch((error: Error) => {
        say(error.message);
        return { ended: Promise.resolve(`${name} did not start`), stop: async () => {} };
      });
      if (stopping) return running.stop();
    }
  }
}

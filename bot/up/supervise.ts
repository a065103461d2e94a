import { systemClock } from '#base/clock.ts';
import { type Child, startPart } from './child.ts';

type Options = Parameters<typeof startPart>[2] & { say(line: string): void };

/** Keeps a part running: when it ends by itself it is started again, after a pause that grows while it keeps ending. */
export async function supervise(
  part: string,
  args: readonly string[],
  options: Options,
): Promise<{ url: string | null; stop(): Promise<void> }> {
  let stopping = false;
  let child: Child = await startPart(part, args, options);
  const { url } = child.ready;
  const watching = watch();
  return {
    url,
    async stop() {
      stopping = true;
      await child.stop();
      await watching;
    },
  };

  async function watch(): Promise<void> {
    for (let pauseMs = 500; ; pauseMs = Math.min(pauseMs * 2, 30_000)) {
      const began = performance.now();
      const how = await child.ended;
      if (stopping) return;
      options.say(`${how}; starting it again.`);
      if (performance.now() - began > 60_000) pauseMs = 500;
      await systemClock.sleep(pauseMs);
      if (stopping) return;
      child = await startPart(part, args, options).catch((error: Error) => {
        options.say(error.message);
        return { ...child, ended: Promise.resolve(`${part} did not start`), stop: async () => {} };
      });
      if (stopping) return child.stop();
    }
  }
}

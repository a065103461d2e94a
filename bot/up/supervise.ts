import { startPart } from './child.ts';
import { keepUp } from './keep-up.ts';

type Options = Parameters<typeof startPart>[2] & { say(line: string): void };

/** Keeps a part of the bot running. */
export async function supervise(
  part: string,
  args: readonly string[],
  options: Options,
): Promise<{ url: string | null; stop(): Promise<void> }> {
  const { first, stop } = await keepUp(part, () => startPart(part, args, options), options.say);
  return { url: first.ready.url, stop };
}

import { readConfig } from './config.ts';
import { type Part, tellParent, untilTold } from './stop.ts';
import { tidyWhenQuiet } from './tidy.ts';

/** Runs a gateway, a worker, or both in one process, until a signal. Answers the exit code. */
export async function runParts(which: 'gateway' | 'worker' | 'all', file: string): Promise<number> {
  const config = readConfig(file);
  using _tidy = tidyWhenQuiet();
  return await untilTold(async () => {
    const parts: Part[] = [];
    if (which !== 'gateway') parts.push(await (await import('./worker.ts')).startBotWorker(config));
    if (which !== 'worker') parts.push(await (await import('./gateway.ts')).startGateway(config, tellParent));
    return parts;
  });
}

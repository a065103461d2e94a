import { readConfig } from './config.ts';
import { type Part, tellParent, untilTold } from './stop.ts';

/** Runs a gateway, a worker, or both in one process, until a signal. Answers the exit code. */
export async function runParts(which: 'gateway' | 'worker' | 'all', file: string): Promise<number> {
  const config = readConfig(file);
  return untilTold(async () => {
    const parts: Part[] = [];
    if (which !== 'gateway') parts.push(await (await import('./worker.ts')).startBotWorker(config));
    if (which !== 'worker') parts.push(await (await import('./gateway.ts')).startGateway(config, tellParent));
    return parts;
  });
}

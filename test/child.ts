import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A part of the program in a process of its own, which can die like one; killed when it is disposed of. */
export interface Child extends AsyncDisposable {
  /** Where its console is, when it has one. */
  readonly url: string;
  /** Everything it has logged so far. */
  log(): string;
  kill(): Promise<void>;
}

/** Runs `node bot/main.ts PART --config FILE`; resolves when it is ready. */
export async function startChild(part: 'worker' | 'gateway' | 'all', configFile: string): Promise<Child> {
  const child = spawn(process.execPath, ['bot/main.ts', part, '--config', configFile], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const gone = once(child, 'exit');
  const log = collect(child);
  const ready = once(child, 'message').then(([said]) => said as { url: string | null });
  const first = await Promise.race([ready, gone.then(() => undefined)]);
  if (!first) throw new Error(`${part} ended before it was ready: ${log()}`);
  const kill = async () => {
    child.kill('SIGKILL');
    await gone;
  };
  return { url: first.url ?? '', log, kill, [Symbol.asyncDispose]: kill };
}

function collect({ stdout, stderr }: ChildProcess): () => string {
  const chunks: string[] = [];
  for (const stream of [stdout, stderr]) stream?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  return () => chunks.join('');
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A part of the program in a process of its own, which can die like one; killed when it is disposed of. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** Where its console is, when it has one. */
  readonly url: string;
  /** Everything it has logged so far. */
  log(): string;
  kill(): Promise<void>;
  signal(name: 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** Runs `node bot/main.ts PART --config FILE`, with modules that node loads before it; resolves when it is ready. */
export async function startChild(
  part: 'worker' | 'gateway' | 'all',
  configFile: string,
  imports: readonly URL[] = [],
): Promise<Child> {
  const first = imports.map(({ href }) => `--import=${href}`);
  const child = spawn(process.execPath, [...first, 'bot/main.ts', part, '--config', configFile], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const gone = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  const log = collect(child);
  const ready = new Promise<{ url: string | null }>((resolve) =>
    child.on('message', (said: { ready?: true; url: string | null }) => said.ready && resolve(said)),
  );
  const said = await Promise.race([ready, gone.then(() => undefined)]);
  if (!said) throw new Error(`${part} ended before it was ready: ${log()}`);
  const kill = async () => {
    child.kill('SIGKILL');
    await gone;
  };
  return {
    pid: child.pid ?? 0,
    url: said.url ?? '',
    log,
    kill,
    signal: (name) => void child.kill(name),
    ended: gone,
    [Symbol.asyncDispose]: kill,
  };
}

function collect({ stdout, stderr }: ChildProcess): () => string {
  const chunks: string[] = [];
  for (const stream of [stdout, stderr]) stream?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  return () => chunks.join('');
}

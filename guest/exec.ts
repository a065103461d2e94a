import { constants } from 'node:os';
import type { ClientChannel } from 'ssh2';
import { RemoteError } from '#base/errors.ts';
import type { Connection } from './connect.ts';
import { type Host, systemOf } from './failure.ts';
import { collectOutput } from './output.ts';
import type { ExecOptions, Finished } from './shell.ts';

/** Runs one command line on an open connection. When the connection breaks meanwhile, nobody knows how far the command came. */
export async function exec(
  host: Host,
  connection: Connection,
  command: string,
  options: ExecOptions,
): Promise<Finished> {
  options.signal?.throwIfAborted();
  const channel = await openChannel(host, connection, command);
  const finished = Promise.withResolvers<Finished>();
  const stdout = collectOutput(options.onLine);
  const stderr = collectOutput(options.onLine);

  channel.on('data', (chunk: Buffer) => stdout.add(chunk));
  channel.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
  channel.on('error', (error: Error) => finished.reject(broken(host, error)));
  // No code and no signal: the channel closed because the connection did.
  channel.once('close', (code?: number | null, signal?: string) => {
    const printed = { stdout: stdout.finish(), stderr: stderr.finish() };
    if (code === undefined) finished.reject(broken(host));
    else finished.resolve({ code: code ?? 128 + signalNumber(signal), ...printed });
  });
  const abort = () => {
    finished.reject(options.signal?.reason);
    channel.signal('TERM');
    channel.close();
  };
  if (options.signal?.aborted) abort();
  options.signal?.addEventListener('abort', abort, { once: true });
  // What reads its input to the end would wait for ever without one.
  channel.end(options.stdin ?? '');
  try {
    return await finished.promise;
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}

function openChannel(host: Host, { client }: Connection, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) => {
      const message = `no command can be run any more: ${cause.message}`;
      reject(new RemoteError(systemOf(host), message, { outcome: 'passing', cause }));
    };
    try {
      client.exec(command, (error, channel) => (error ? fail(error) : resolve(channel)));
    } catch (error) {
      // ssh2 throws when the connection is gone already.
      fail(error as Error);
    }
  });
}

function signalNumber(name: string | undefined): number {
  return constants.signals[name as NodeJS.Signals] ?? 0;
}

function broken(host: Host, cause?: Error): RemoteError {
  return new RemoteError(systemOf(host), 'the connection broke while a command ran', { outcome: 'unknown', cause });
}

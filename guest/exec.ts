import { constants } from 'node:os';
import type { ClientChannel } from 'ssh2';
import { spellBytes } from '#base/amounts.ts';
import { spell } from '#base/duration.ts';
import { RemoteError } from '#base/errors.ts';
import type { Connection } from './connect.ts';
import { farWords, type Host, SshError, systemOf } from './failure.ts';
import { collectOutput } from './output.ts';
import { programOf } from './program-of.ts';
import type { ExecOptions, Finished } from './shell.ts';
import { within } from './within.ts';

const usual = { mostBytes: 64 * 1024 * 1024, limitMs: 3_600_000 };
const never = new AbortController().signal;

/**
 * Runs one command line on an open connection, for a limited time and a limited amount of output.
 * When the connection breaks meanwhile, nobody knows how far the command came.
 */
export async function exec(
  host: Host,
  connection: Connection,
  command: string,
  options: ExecOptions,
): Promise<Finished> {
  const { mostBytes = usual.mostBytes, limitMs = usual.limitMs, signal = never, stdin = '' } = options;
  const program = programOf(command);
  const stdout = collectOutput(options.onLine);
  const stderr = collectOutput(options.onLine);
  let channel: ClientChannel | undefined;
  let printed = 0;
  connection.intake.allow(mostBytes, Buffer.byteLength(stdin));

  const late = () => tooLong(host, program, { limitMs, begun: channel !== undefined, printed });
  return await within<Finished>({ limitMs, signal, late }, (done, fail) => {
    let over = false;
    const take = (output: typeof stdout) => (chunk: Buffer) => {
      printed += chunk.length;
      if (printed > mostBytes) fail(tooMuch(host, program, mostBytes));
      if (!over) output.add(chunk);
    };
    const begin = (opened: ClientChannel) => {
      channel = opened;
      channel.on('error', (cause: Error) => fail(connection.intake.flood ?? broken(host, cause)));
      if (over) return end(channel);
      channel.on('data', take(stdout));
      channel.stderr.on('data', take(stderr));
      // No code and no signal: the channel closed because the connection did.
      channel.once('close', (code?: number | null, killedBy?: string) => {
        if (over) return;
        if (code === undefined) return fail(connection.intake.flood ?? broken(host));
        done({ code: code ?? 128 + signalNumber(killedBy), stdout: stdout.finish(), stderr: stderr.finish() });
      });
      // What reads its input to the end would wait for ever without one.
      channel.end(stdin);
    };
    const refuse = (cause: Error) => fail(connection.intake.flood ?? notBegun(host, cause));
    try {
      connection.client.exec(command, (error, opened) => (error ? refuse(error) : begin(opened)));
    } catch (error) {
      // ssh2 throws when the connection is gone already.
      refuse(error as Error);
    }
    return () => {
      over = true;
      if (channel) end(channel);
    };
  });
}

/** Tells the command to end. What it prints nonetheless is not read, so that it may send one window (2 MiB) more. */
function end(channel: ClientChannel): void {
  for (const stream of [channel, channel.stderr]) stream.removeAllListeners('data').pause();
  channel.signal('TERM');
  channel.close();
}

function signalNumber(name: string | undefined): number {
  return constants.signals[name as NodeJS.Signals] ?? 0;
}

function notBegun(host: Host, cause: Error): RemoteError {
  const message = `no command can be run any more: ${farWords(cause.message)}`;
  return new RemoteError(systemOf(host), message, { outcome: 'passing', cause });
}

function broken(host: Host, cause?: Error): RemoteError {
  return new RemoteError(systemOf(host), 'the connection broke while a command ran', { outcome: 'unknown', cause });
}

function tooMuch(host: Host, program: string, mostBytes: number): SshError {
  const words = `${program} printed more than ${spellBytes(mostBytes)} and was told to end`;
  return new SshError(host, 'flood', words, { outcome: 'unknown', hint: 'See there what it prints.' });
}

function tooLong(host: Host, program: string, at: { limitMs: number; begun: boolean; printed: number }): RemoteError {
  const time = spell(at.limitMs);
  if (!at.begun) {
    return new RemoteError(systemOf(host), `it did not begin ${program} within ${time}`, { outcome: 'unknown' });
  }
  const words = `${program} had not ended after ${time} and was told to; it had printed ${spellBytes(at.printed)}`;
  return new RemoteError(systemOf(host), words, { outcome: 'unknown' });
}

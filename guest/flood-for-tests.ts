import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { Connection } from 'ssh2';
import { RemoteError } from '#base/errors.ts';
import { SshError } from './failure.ts';
import { generateKey } from './keys.ts';
import type { ShellTarget } from './shell.ts';

const key = generateKey('bot');
export const mebibyte = 1024 * 1024;

/** Writes as long as somebody reads. */
export async function pour(stream: Writable, bytes = Buffer.alloc(64 * 1024, 'x')): Promise<void> {
  const gone = once(stream, 'close').catch(() => undefined);
  while (!stream.destroyed && !stream.writableEnded) {
    if (!stream.write(bytes)) await Promise.race([gone, once(stream, 'drain').catch(() => undefined)]);
  }
}

export function trickle(socket: Socket, bytes: Buffer): void {
  const timer = setInterval(() => socket.write(bytes), 5);
  socket.on('close', () => clearInterval(timer));
}

/** Packets of a kind that a client takes at any time, as fast as they go. */
export function pourPackets(connection: Connection): void {
  const { _protocol: protocol, _sock: socket } = connection as unknown as {
    _protocol: { requestSuccess(bytes: Buffer): void };
    _sock: Socket;
  };
  const packet = Buffer.alloc(16 * 1024);
  const send = () => {
    if (socket.destroyed) return;
    protocol.requestSuccess(packet);
    setImmediate(send);
  };
  send();
}

export const sentBy = ({ sockets }: { sockets: ReadonlySet<Socket> }) =>
  [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);

export async function closed(sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

export function targetOf({ host, port }: { host: string; port: number }): ShellTarget {
  return { host, port, user: 'debian', privateKey: key.privateKey };
}

export const says = (words: RegExp) => (error: unknown) => error instanceof RemoteError && words.test(error.message);

export function flooded(words: RegExp, outcome: 'permanent' | 'unknown' | undefined = undefined) {
  return (error: unknown) =>
    error instanceof SshError &&
    error.obstacle === 'flood' &&
    words.test(error.message) &&
    (outcome === undefined || error.outcome === outcome);
}

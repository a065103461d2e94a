import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server as NetServer } from 'node:net';
import { join } from 'node:path';
import ssh2, { type Connection } from 'ssh2';
import { type Engine, segment } from './engine.ts';
import { makeHostKey } from './host-key.ts';

const { Server } = ssh2;

/** The way into the lab's network: `ssh -J lab@127.0.0.1:PORT user@10.77.0.x`. */
export interface Jump extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** Listens on loopback, lets `lab` in without a password, and opens connections to the lab's machines and nowhere else. */
export async function startJump(engine: Engine, options: { port: number; dir: string | undefined }): Promise<Jump> {
  const hostKey = await findHostKey(options.dir);
  const connections = new Set<Connection>();
  const server = new Server({ hostKeys: [hostKey] }, (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    connection.on('error', () => connection.end());
    connection.on('authentication', (attempt) => {
      if (attempt.username === 'lab') attempt.accept();
      else attempt.reject();
    });
    connection.on('tcpip', (accept, reject, { destIP, destPort }) => {
      if (!onSegment(destIP)) return reject();
      engine.connect(destIP, destPort).then(
        (far) => {
          const near = accept();
          near.on('error', () => far.destroy());
          far.on('error', () => near.destroy());
          near.pipe(far).pipe(near);
          near.on('close', () => far.destroy());
          far.on('close', () => near.end());
        },
        (error: Error) => rejectSaying(connection, reject, reasonOf(error)),
      );
    });
  });
  // ssh2 leaves Nagle's algorithm on: without a socket of our own each exchange waits 40 ms for the other side's ACK.
  const listener: NetServer = createServer({ noDelay: true }, (socket) => {
    (server as unknown as { injectSocket(socket: unknown): void }).injectSocket(socket);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(options.port, '127.0.0.1', resolve);
  });
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    host: '127.0.0.1',
    port,
    user: 'lab',
    [Symbol.asyncDispose]: async () => {
      for (const connection of connections) connection.end();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}

/** What OpenSSH's server says of a channel that it could not open. */
function reasonOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED' ? 'Connection refused' : 'No route to host';
}

/** OpenSSH says why it opens no channel; `reject` of ssh2 says nothing, so its packet is written with our words. */
function rejectSaying(connection: Connection, reject: () => void, words: string): void {
  const { _protocol: protocol } = connection as unknown as { readonly _protocol: ChannelRefuser };
  const refuse = protocol.channelOpenFail;
  protocol.channelOpenFail = (recipient, reason) => refuse.call(protocol, recipient, reason, words);
  reject();
  protocol.channelOpenFail = refuse;
}

interface ChannelRefuser {
  channelOpenFail(recipient: number, reason: number, words: string): void;
}

async function findHostKey(dir: string | undefined): Promise<string> {
  if (dir === undefined) return makeHostKey();
  const file = join(dir, 'jump-host-key');
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const key = makeHostKey();
  await writeFile(file, key, { mode: 0o600 });
  return key;
}

function onSegment(address: string): boolean {
  return address.startsWith(segment.cidr.replace(/\d+\/\d+$/, ''));
}

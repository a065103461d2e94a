import { connect, createServer, type Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection, type ServerChannel } from 'ssh2';
import { fingerprint, generateKey, publicKeyOf } from './keys.ts';

const { Server, utils } = ssh2;

export interface ServerOptions {
  /** `authorized_keys` lines; nobody needs a key when absent. */
  readonly authorized?: readonly string[];
  /** What a command does; the default prints nothing and answers 0. */
  run?(command: string, channel: ServerChannel): void;
  /** What it does instead of answering a login. */
  onLogin?(connection: Connection): void;
  /** What it does when somebody has logged in; commands run all the same. */
  onReady?(connection: Connection): void;
  /** True: it never answers when a command is to be begun. */
  readonly isDeaf?: boolean;
  /** Where connections through this server may go: `open` to wherever they want. */
  readonly forwards?: 'open' | 'forbidden';
}

/** A real SSH server on a free loopback port. */
export async function serveForTests(options: ServerOptions = {}) {
  const hostKey = generateKey('host').privateKey;
  const sockets = new Set<Socket>();
  /** User and fingerprint of each try to log in. */
  const tries: string[] = [];
  const server = new Server({ hostKeys: [hostKey] }, (connection) => {
    connection.on('error', () => connection.end());
    connection.on('authentication', (attempt) => {
      if (options.onLogin) return options.onLogin(connection);
      tries.push(`${attempt.username} ${attempt.method}`);
      if (isLetIn(options, attempt)) attempt.accept();
      else attempt.reject(['publickey']);
    });
    connection.on('ready', () => options.onReady?.(connection));
    connection.on('session', (accept) => {
      if (options.isDeaf) return;
      accept().on('exec', (allow, _, { command }) => {
        const channel = allow();
        channel.on('error', () => undefined);
        if (options.run) return options.run(command, channel);
        channel.exit(0);
        channel.end();
      });
    });
    if (options.forwards === 'open') forward(connection);
  });
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    (server as unknown as { injectSocket(socket: Socket): void }).injectSocket(socket);
  });
  const port = await listen(listener);
  return {
    host: '127.0.0.1',
    port,
    tries,
    hostKey: fingerprint(publicKeyOf(hostKey)),
    /** Connections that are open now. */
    sockets,
    /** Breaks all connections, as a machine does that loses its power. */
    breakAll() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

/** A port that takes connections and never says anything. */
export const muteServer = () => rawServer(() => undefined);

/** A port that speaks as the test does. */
export async function rawServer(speak: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    socket.on('error', () => undefined);
    sockets.add(socket);
    speak(socket);
  });
  const port = await listen(listener);
  return {
    host: '127.0.0.1',
    port,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

function isLetIn({ authorized }: ServerOptions, attempt: AuthContext): boolean {
  if (!authorized) return attempt.method === 'none' || attempt.method === 'publickey';
  if (attempt.method !== 'publickey') return false;
  for (const line of authorized) {
    const key = utils.parseKey(line);
    if (key instanceof Error || !key.getPublicSSH().equals(attempt.key.data)) continue;
    if (!attempt.signature || !attempt.blob) return true;
    return key.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true;
  }
  return false;
}

function forward(connection: Connection): void {
  connection.on('tcpip', (accept, reject, { destIP, destPort }) => {
    const far = connect({ host: destIP, port: destPort, noDelay: true });
    far.once('error', () => reject());
    far.once('connect', () => {
      const near = accept();
      far.on('error', () => near.destroy());
      near.on('error', () => far.destroy());
      near.on('close', () => far.destroy());
      near.pipe(far).pipe(near);
    });
  });
}

function listen(listener: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => {
    listener.listen(0, '127.0.0.1', () => {
      const address = listener.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

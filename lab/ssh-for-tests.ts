import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type ClientChannel, type Client as SshClient } from 'ssh2';
import type { Lab } from './start.ts';

const { Client } = ssh2;

/** What people's own `ssh` prefers; ssh2 would rather have GCM. */
const openSshOrder = ['chacha20-poly1305@openssh.com', 'aes128-ctr'];

/** Logs in to a machine through the jump host, as `ssh -J` does, and runs commands. */
export async function sshForTests(
  lab: Lab,
  address: string,
  user: string,
  privateKey: string,
): Promise<AsyncDisposable & { run(command: string): Promise<{ code: number; out: string }> }> {
  const socket = connectTcp({ host: lab.jump.host, port: lab.jump.port, noDelay: true });
  const jump = await login({ sock: socket, username: lab.jump.user });
  const through = await new Promise<Duplex>((resolve, reject) =>
    jump.forwardOut('127.0.0.1', 0, address, 22, (error, channel) => (error ? reject(error) : resolve(channel))),
  ).catch((error: Error) => {
    jump.end();
    throw error;
  });
  const guest = await login({ sock: through, username: user, privateKey }).catch((error: Error) => {
    jump.end();
    throw error;
  });
  return {
    async run(command) {
      const channel = await new Promise<ClientChannel>((resolve, reject) =>
        guest.exec(command, (error, opened) => (error ? reject(error) : resolve(opened))),
      );
      let out = '';
      channel.on('data', (chunk: Buffer) => {
        out += chunk.toString('utf8');
      });
      channel.stderr.resume();
      const [code] = (await once(channel, 'close')) as [number];
      return { code, out };
    },
    async [Symbol.asyncDispose]() {
      guest.end();
      jump.end();
      await once(socket, 'close');
    },
  };
}

async function login(options: { sock: Duplex; username: string; privateKey?: string }): Promise<SshClient> {
  const client = new Client();
  await new Promise<void>((resolve, reject) => {
    client.on('ready', resolve).on('error', reject);
    client.connect({ ...options, algorithms: { cipher: openSshOrder } } as Parameters<SshClient['connect']>[0]);
  });
  return client;
}

import { timingSafeEqual } from 'node:crypto';
import type { Duplex } from 'node:stream';
import ssh2, { type AuthContext, type CipherAlgorithm, type Connection, type ServerChannel, type Session } from 'ssh2';
import { makeKeyPair } from '../host-key.ts';
import { runLine } from './commands.ts';
import type { System } from './image.ts';
import { pour } from './pour.ts';
import type { Inside, Output } from './program.ts';
import { readScp } from './scp.ts';

const { Server, utils } = ssh2;

/**
 * All but chacha20-poly1305: ssh2 keeps one nonce of that for all connections of the process while it writes a packet piece by piece, and what we
 * write goes straight through the jump host's connection, which would change it in between.
 */
const cipher: CipherAlgorithm[] = ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes256-ctr'];

/** Speaks SSH on one connection as this machine would: its keys, its users, its commands. */
export function serveSsh(socket: Duplex, system: System, insideFor: (user: string) => Inside): void {
  const { trouble } = system;
  if (trouble === 'greeting never ends') {
    void pour(socket, Buffer.from('All use of this machine is watched.\r\n'.repeat(100)));
    return;
  }
  const server = new Server({ hostKeys: [hostKeyOf(system)], algorithms: { cipher } }, (connection) => {
    let user = '';
    connection.on('error', () => connection.end());
    connection.on('authentication', (attempt) => {
      user = attempt.username;
      if (keyIsRight(system, attempt)) attempt.accept();
      else attempt.reject(['publickey']);
    });
    connection.on('ready', () => serveSessions(connection, () => insideFor(user), trouble));
  });
  // Through an in-memory pair instead of a port: ssh2 asks no more of its socket than a Duplex gives.
  (server as unknown as { injectSocket(socket: Duplex): void }).injectSocket(socket);
}

/** The server's private key; made when there is none, its public half in the file where OpenSSH has it. */
export function hostKeyOf(system: System): string {
  if (system.hostKey !== undefined) return system.hostKey;
  const made = makeKeyPair();
  system.files['/etc/ssh/ssh_host_ed25519_key.pub'] = `${made.public} root@${system.hostname}\n`;
  system.hostKey = made.private;
  return made.private;
}

function keyIsRight(system: System, attempt: AuthContext): boolean {
  if (attempt.method !== 'publickey') return false;
  for (const line of system.users[attempt.username] ?? []) {
    const parsed = utils.parseKey(line);
    if (parsed instanceof Error) continue;
    const known = parsed.getPublicSSH();
    const same = known.length === attempt.key.data.length && timingSafeEqual(known, attempt.key.data);
    if (!same) continue;
    // Without a signature the client only asks whether this key would do.
    if (!attempt.signature || attempt.blob === undefined) return true;
    return parsed.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true;
  }
  return false;
}

async function say(channel: ServerChannel, running: Promise<Output>): Promise<number> {
  const { stdout, stderr, code } = await running;
  channel.write(stdout);
  channel.stderr.write(stderr);
  return code;
}

function serveSessions(connection: Connection, inside: () => Inside, trouble: System['trouble']): void {
  connection.on('session', (accept) => {
    const session: Session = accept();
    session.on('env', (allow) => allow?.());
    session.on('pty', (allow) => allow?.());
    session.on('exec', (allow, _, info) => {
      const channel = allow();
      if (trouble === 'commands never end') return;
      if (trouble === 'output never ends') return void pour(channel, Buffer.alloc(32 * 1024, 'all work and no play '));
      const ran = readScp(info.command)?.run(channel, inside()) ?? say(channel, runLine(info.command, inside()));
      ran.then(
        (code) => {
          channel.exit(code);
          channel.end();
        },
        (error: Error) => {
          channel.stderr.write(`${error.message}\n`);
          channel.exit(1);
          channel.end();
        },
      );
    });
    session.on('shell', (allow) => {
      const channel = allow();
      let line = '';
      channel.write(`${inside().system.hostname}:~$ `);
      channel.on('data', (chunk: Buffer) => {
        line += chunk.toString('utf8');
        if (!/[\r\n]/.test(line)) return;
        const command = line.trim();
        line = '';
        if (command === 'exit') channel.end();
        else
          void runLine(command, inside()).then(({ stdout, stderr }) => {
            channel.write(`\r\n${stdout}${stderr}${inside().system.hostname}:~$ `.replace(/(?<!\r)\n/g, '\r\n'));
          });
      });
    });
  });
}

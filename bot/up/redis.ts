import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '#base/clock.ts';
import { UserError } from '#base/errors.ts';
import { ending, stop } from './child.ts';
import { keepUp, type Running } from './keep-up.ts';
import { freePort } from './port.ts';

/**
 * A Redis of our own: on loopback, with a password, every write on disk before it is answered, nothing ever evicted. When it ends by itself it is started
 * again at the same address, with what it had on disk, and `say` tells of it.
 */
export async function startRedis(
  stateDir: string,
  say: (line: string) => void = () => {},
): Promise<{ url: string; stop(): Promise<void> }> {
  const dir = join(stateDir, 'redis');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  await endOld(dir);
  const port = await freePort();
  const password = randomBytes(18).toString('base64url');
  const settings = {
    bind: '127.0.0.1',
    port,
    requirepass: password,
    dir,
    pidfile: join(dir, 'redis.pid'),
    appendonly: 'yes',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
    save: '""',
    daemonize: 'no',
  };
  const file = join(dir, 'redis.conf');
  const text = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`);
  writeFileSync(file, text.join(''), { mode: 0o600 });
  const start = () => spawnRedis({ file, port, logFile: join(stateDir, 'log', 'redis.log') });
  const kept = await keepUp('redis-server', start, say);
  return { url: `redis://:${password}@127.0.0.1:${port}`, stop: kept.stop };
}

/** Resolves when it listens. */
async function spawnRedis(options: { file: string; port: number; logFile: string }): Promise<Running> {
  const log = openSync(options.logFile, 'a');
  const child = spawn('redis-server', [options.file], { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const ended = ending(child, 'redis-server');
  const first = await Promise.race([answers(options.port), ended]);
  if (first !== undefined) throw new UserError(`${first}.`, { hint: `Its log is ${options.logFile}` });
  return { ended, stop: () => stop(child, ended) };
}

/** A Redis that an `up` left behind when it was killed still writes to our files: it has to go first. */
async function endOld(dir: string): Promise<void> {
  const file = join(dir, 'redis.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8'));
  const isRedis = () =>
    existsSync(`/proc/${pid}/comm`) && readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('redis-server');
  if (!pid || !isRedis()) return;
  process.kill(pid, 'SIGTERM');
  while (isRedis()) await systemClock.sleep(50);
}

/** Resolves when something listens there. */
async function answers(port: number): Promise<undefined> {
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, '127.0.0.1');
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return undefined;
    await systemClock.sleep(20);
  }
}

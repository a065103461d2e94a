import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** A Redis of this test process, and names in it that nobody else uses. */
export interface FreshRedis {
  readonly url: string;
  /** `{test-4f1c…}` */
  readonly prefix: string;
}

let started: Promise<string> | undefined;

/** The process' one private Redis, started at the first call and killed when the process ends. */
export async function freshRedis(): Promise<FreshRedis> {
  started ??= startRedis().then(({ url }) => url);
  return { url: await started, prefix: `{test-${randomBytes(6).toString('hex')}}` };
}

export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  /** Where its files are. */
  readonly folder: string;
  /** Kills it with SIGKILL; what it had written to its AOF stays. */
  kill(): Promise<void>;
  /** Starts it again after a kill, at the same address with the same files. */
  restart(): Promise<void>;
  /** Stops it as SIGSTOP does; {@link thaw} lets it go on. */
  freeze(): void;
  thaw(): void;
  /** From now on its files can't grow beyond so many bytes, as on a full disk; after {@link restart} they can. */
  fill(bytes: number): void;
  /** Kills it, removes everything that it had written, and starts it again. */
  wipe(): Promise<void>;
}

/** A redis-server of its own on a free loopback port, with its AOF in a folder of its own below `place`. `more` is added to its settings. */
export async function startRedis(more: readonly string[] = [], place = tmpdir()): Promise<RedisServer> {
  const folder = mkdtempSync(join(place, 'botswain-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const where = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', ''];
  const safe = ['--appendonly', 'yes', '--maxmemory-policy', 'noeviction'];
  let server = run();
  // Some tests start many.
  process.setMaxListeners(0);
  process.once('exit', end);
  await answers(url);

  function run(): ChildProcess {
    // At the end of its limit it gets an error, as on a full disk, and no signal.
    const begin = ['-c', 'trap \'\' XFSZ; exec redis-server "$@"', 'sh'];
    const child = spawn('sh', [...begin, ...where, ...safe, ...more], { stdio: 'ignore' });
    // It may not keep the test process alive.
    child.unref();
    return child;
  }
  function end(): void {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
  async function kill(): Promise<void> {
    server.ref();
    const gone = new Promise((resolve) => server.once('exit', resolve));
    if (server.kill('SIGKILL')) await gone;
  }
  async function restart(): Promise<void> {
    server = run();
    await answers(url);
  }
  return {
    url,
    folder,
    kill,
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    fill: (bytes) => void execFileSync('prlimit', ['--pid', String(server.pid), `--fsize=${bytes}:`]),
    restart,
    async wipe() {
      await kill();
      rmSync(join(folder, 'appendonlydir'), { recursive: true });
      await restart();
    },
    async [Symbol.asyncDispose]() {
      process.off('exit', end);
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  await redis.ping();
  redis.disconnect();
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}

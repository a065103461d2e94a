import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { environment } from '#bot/environment.ts';
import type { ChatReady } from '#bot/up/chat.ts';
import { type Child, startPart } from '#bot/up/child.ts';
import { type LabReady, startLabProcess } from '#bot/up/lab.ts';
import { writeLabConfig } from '#bot/up/lab-config.ts';
import { startRedis } from '#bot/up/redis.ts';
import { type ConsoleUser, openConsole } from '../test/console.ts';

export const root = resolve(import.meta.dirname, '..');

export interface SettingOptions {
  readonly engine?: 'simulated' | 'qemu';
  /** Times as on a real Proxmox. */
  readonly realistic?: boolean;
  /** The lab keeps nothing for a next start, which takes time with thousands of VMs; only with the simulated engine. */
  readonly forgetful?: boolean;
  /** More arguments for node in gateway and worker: `--import=…`. */
  readonly nodeOptions?: string;
  /** Emulated chat platforms that run already. */
  readonly chat?: ChatReady;
  say?(line: string): void;
}

/** What `botswain up` starts, each part a process of its own, and Ana in front of the console. */
export interface Setting extends AsyncDisposable {
  readonly lab: LabReady;
  readonly labPid: number;
  readonly gateway: Child;
  readonly worker: Child;
  readonly ana: ConsoleUser;
  /** The private key of the lab's VMs, and an ssh configuration that knows the way in. */
  readonly ssh: { readonly key: string; readonly config: string };
  /** A configuration of curl with the lab's token in it. */
  readonly curlConfig: string;
}

/** Starts Redis, lab, gateway and worker as `botswain up` does, in a folder that is removed at the end. */
export async function startSetting(options: SettingOptions = {}): Promise<Setting> {
  const {
    engine = 'simulated',
    realistic = false,
    forgetful = false,
    nodeOptions = '',
    chat,
    say = () => {},
  } = options;
  await using made = new AsyncDisposableStack();
  const stateDir = mkdtempSync(join(tmpdir(), 'botswain-bench-'));
  made.defer(() => rmSync(stateDir, { recursive: true, force: true }));
  mkdirSync(join(stateDir, 'log'));
  const redis = await startRedis(stateDir);
  made.defer(redis.stop);
  // Building the image takes a minute: the one of the tests will do.
  const imagesDir = join(root, '.botswain', 'test-lab');
  mkdirSync(imagesDir, { recursive: true });
  const entry = join(root, 'lab', 'main.ts');
  const lab = startLabProcess({
    entry,
    stateDir,
    imagesDir,
    engine,
    realistic,
    forgetful,
    keep: false,
    onProgress: say,
  });
  made.defer(lab.stop);
  const ready = await lab.ready;
  const config = writeLabConfig(stateDir, ready, 0, chat);

  const env = { ...environment(), REDIS_URL: redis.url, NODE_OPTIONS: nodeOptions };
  const start = async (part: string) => {
    const logFile = join(stateDir, 'log', `${part}.log`);
    const child = await startPart(part, ['--config', config], { entry: join(root, 'bot', 'main.ts'), logFile, env });
    made.defer(child.stop);
    return child;
  };
  const [gateway, worker] = await Promise.all([start('gateway'), start('worker')]);
  const ana = made.use(await openConsole(gateway.ready.url ?? '', 'ana'));
  const ssh = { key: join(stateDir, 'ssh', 'id_ed25519'), config: join(stateDir, 'ssh', 'config') };
  const curlConfig = join(stateDir, 'curl.conf');
  // The certificate is the lab's own, on loopback.
  const header = `header = "Authorization: PVEAPIToken=${ready.token.id}=${ready.token.secret}"`;
  writeFileSync(curlConfig, `insecure\n${header}\n`, { mode: 0o600 });
  const running = made.move();
  return {
    lab: ready,
    labPid: lab.pid,
    gateway,
    worker,
    ana,
    ssh,
    curlConfig,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { spell } from '#base/duration.ts';
import { environment } from '../environment.ts';
import type { ChatReady } from './chat.ts';
import { claimState } from './claim.ts';
import { startLabProcess } from './lab.ts';
import { writeLabConfig } from './lab-config.ts';
import { startRedis } from './redis.ts';
import { supervise } from './supervise.ts';
import { welcome } from './welcome.ts';

export interface UpFlags {
  readonly config?: string | undefined;
  readonly state: string;
  readonly port?: string | undefined;
  readonly sim: boolean;
  readonly keep: boolean;
  /** With an emulated Slack and Discord. */
  readonly chat: boolean;
  /** A file with Proxmox's description of its API: the lab holds every call and answer against it. */
  readonly 'lab-schema'?: string | undefined;
}

const ownConfig = resolve(import.meta.dirname, '..', '..', 'config.yaml');

/** Something that was started and must be stopped again. */
interface Started {
  stop(): Promise<void>;
}

/**
 * `botswain up`: everything on this machine. Redis is ours unless `REDIS_URL` or the configuration names another; the lab stands in for Proxmox unless there is a `config.yaml`.
 * Runs until Ctrl-C and then stops what it started, in reverse order. Answers the exit code.
 */
export async function runUp(flags: UpFlags): Promise<number> {
  // Whoever read what is said may be gone; the logs have it too.
  process.stdout.on('error', () => {});
  const began = performance.now();
  const stateDir = resolve(flags.state);
  mkdirSync(join(stateDir, 'log'), { recursive: true, mode: 0o700 });
  using _claim = claimState(stateDir);
  // In the order in which they were begun; a part is here from its first moment, so that Ctrl-C while it starts stops it too.
  const started: Started[] = [];
  const told = untilSignal();
  let chatPages: ChatReady | undefined;
  try {
    await Promise.race([start(), told]);
    await told;
    return 0;
  } finally {
    say(`\nStopping${flags.keep ? '; the lab’s VMs stay' : ''} …`);
    for (const one of started.toReversed()) await one.stop();
  }

  async function start(): Promise<void> {
    const configured = flags.config ?? (!flags.sim && existsSync(ownConfig) ? ownConfig : undefined);
    const [redisUrl, config] = await Promise.all([redis(configured), configured ?? lab()]);
    const env = { ...environment(), REDIS_URL: redisUrl };
    const entry = resolve(import.meta.dirname, '..', 'main.ts');
    const part = async (name: string) => {
      const logFile = join(stateDir, 'log', `${name}.log`);
      const one = await supervise(name, ['--config', config], { entry, logFile, env, say });
      started.push({ stop: one.stop });
      return one;
    };
    const [gateway] = await Promise.all([part('gateway'), part('worker')]);
    const tookText = spell(performance.now() - began);
    say(welcome({ url: gateway.url ?? '', lab: configured === undefined, chat: chatPages, stateDir, tookText }));
  }

  async function redis(configured: string | undefined): Promise<string> {
    const given = environment().REDIS_URL;
    if (given) return given;
    if (configured !== undefined) {
      // Only then: it brings every schema with it.
      const { readConfig } = await import('../config.ts');
      const { redis } = readConfig(configured);
      if (redis.isNamed) return redis.url;
    }
    const own = await startRedis(stateDir, say);
    // Redis goes last: the others hand over what they have.
    started.unshift({ stop: own.stop });
    return own.url;
  }

  async function chat(): Promise<ChatReady> {
    // Only then: it brings the whole menu with it.
    const { startChatProcess } = await import('./chat.ts');
    const own = startChatProcess({ stateDir, onProgress: (line) => say(`  chat: ${line}`) });
    started.push({ stop: own.stop });
    return own.ready;
  }

  async function lab(): Promise<string> {
    const entry = resolve(import.meta.dirname, '..', '..', 'lab', 'main.ts');
    const engine = flags.sim ? 'simulated' : 'qemu';
    const schema = flags['lab-schema'];
    const own = startLabProcess({
      entry,
      stateDir,
      engine,
      keep: flags.keep,
      ...(schema === undefined ? {} : { schema }),
      onProgress: (line) => say(`  lab: ${line}`),
    });
    started.push({ stop: own.stop });
    const [ready, pages] = await Promise.all([own.ready, flags.chat ? chat() : undefined]);
    chatPages = pages;
    return writeLabConfig(stateDir, ready, flags.port === undefined ? undefined : Number(flags.port), pages);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function untilSignal(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => done());
  });
}

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { parse } from 'yaml';
import type { z } from 'zod';
import { systemClock } from '#base/clock.ts';
import { type Config, parseConfig } from '#bot/config.ts';
import { environment } from '#bot/environment.ts';
import { startGateway } from '#bot/gateway.ts';
import { writeLabConfig } from '#bot/up/lab-config.ts';
import { startBotWorker } from '#bot/worker.ts';
import type { Times } from '#jobs/engine/engine.ts';
import { described } from '#lab/schema-for-tests.ts';
import type { Profile } from '#lab/settings.ts';
import { type Lab, type LabOptions, startLab } from '#lab/start.ts';
import { type ConsoleUser, openConsole } from './console.ts';
import { freshRedis } from './redis.ts';
import { templateNotes } from './template-notes.ts';

/** The configuration as it is written down. */
export type Written = z.input<typeof Config>;

export interface SettingOptions {
  readonly lab?: LabOptions;
  /** The nodes (and their storage) on which `lab-debian` stands ready; none = it has to be built. `pve1` on `nas` unless told. */
  readonly templates?: readonly { readonly node: string; readonly storage?: string }[];
  /** How many workers; 1 unless told. */
  readonly workers?: number;
  /** Of the workers' engine; pauses between tries are short unless told. */
  readonly times?: Partial<Times>;
  /** Another Redis than the one all tests share. */
  readonly redisUrl?: string;
  /** The configuration that `botswain up` writes, changed as a story needs it. */
  change?(written: Written, lab: Lab): Written;
}

/** The whole program around a simulated lab: real Redis, real HTTP, real SSH, and two people in front of the console. */
export interface Setting extends AsyncDisposable {
  readonly lab: Lab;
  readonly config: Config;
  /** The file of that configuration, for a process of its own. */
  readonly configFile: string;
  readonly redis: Redis;
  /** Where the gateway's console is. */
  readonly url: string;
  readonly ana: ConsoleUser;
  readonly ben: ConsoleUser;
  /** One more worker, which ends with the setting. */
  startWorker(): Promise<void>;
  /** Ends the gateway, for stories in which another one takes over; the two consoles show nothing new from then on. */
  stopGateway(): Promise<void>;
}

/** Starts everything; nothing of it outlives the setting. */
export async function startSetting(options: SettingOptions = {}): Promise<Setting> {
  await using made = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'botswain-test-'));
  made.defer(() => rm(folder, { recursive: true, force: true }));
  // Long enough to be heard before it powers off, on a busy machine too.
  const times = { lingerMs: 500, ...options.lab?.times };
  const profile = options.lab?.profile ?? usualProfile();
  const templates = readyTemplates(options.templates);
  const lab = made.use(await startLab({ profile, templates, ...described(profile), ...options.lab, times }));
  const shared = await freshRedis();
  const redisUrl = options.redisUrl ?? shared.url;

  const configFile = writeLabConfig(folder, lab, 0);
  const prefix = shared.prefix.slice(1, -1);
  // The Redis that all tests share does not write to the disk at each call.
  const redisSettings = { url: redisUrl, prefix, unsafe: 'warn' } as const;
  const usual = { ...(parse(await readFile(configFile, 'utf8')) as Written), redis: redisSettings };
  const written = { log: { level: 'silent' as const }, ...(options.change?.(usual, lab) ?? usual) };
  await writeFile(configFile, JSON.stringify(written));
  const config = parseConfig(JSON.stringify(written), configFile, {});

  const redis = new Redis(redisUrl);
  redis.on('error', () => undefined);
  made.defer(() => redis.disconnect());
  const workers = made.use(new AsyncDisposableStack());
  const startWorker = async () => {
    workers.use(await startBotWorker(config, { firstPause: 20, turn: 500, ...options.times }));
  };
  const [gateway] = await Promise.all([
    startGateway(config),
    ...Array.from({ length: options.workers ?? 1 }, startWorker),
  ]);
  const gateways = made.use(new AsyncDisposableStack());
  gateways.use(gateway);
  // Where the configuration has nobody but Ana, both consoles are hers.
  const second = config.people.some(({ key }) => key === 'ben') ? 'ben' : 'ana';
  const [ana, ben] = await Promise.all([openConsole(gateway.url, 'ana'), openConsole(gateway.url, second)]);
  made.use(ana);
  made.use(ben);
  const running = made.move();
  return {
    ...{ lab, config, configFile, redis, url: gateway.url, ana, ben, startWorker },
    stopGateway: () => gateways.disposeAsync(),
    async [Symbol.asyncDispose]() {
      await running.disposeAsync();
      // What the product asked for that Proxmox does not know, and what the lab answered as Proxmox would not.
      assert.deepEqual(lab.violations, []);
    },
  };
}

/** The version of Proxmox that stories are played on: the newest, or what `LAB_PROFILE` says. */
function usualProfile(): Profile {
  return environment().LAB_PROFILE === '8.4' ? '8.4' : '9.2';
}

/** What a run that failed or was taken back may not leave: VMs, volumes, claims. All empty but for the templates. */
export async function leftOf({ lab, redis, config }: Setting): Promise<{
  readonly vms: readonly string[];
  readonly volumes: readonly string[];
  readonly claims: readonly string[];
}> {
  const isTemplate = (vmid: number | undefined) =>
    vmid !== undefined && lab.machines.get(vmid)?.config.template === '1';
  const claimed = await Promise.all(
    ['vmids', 'names', 'rooms', 'addresses'].map((kind) => redis.hkeys(`{${config.redis.prefix}}:claims:lab:${kind}`)),
  );
  return {
    vms: machinesOf(lab).map(({ vmid, name }) => `${vmid} ${name}`),
    volumes: lab.state.volumes.filter(({ vmid }) => !isTemplate(vmid)).map(({ volid }) => volid),
    claims: claimed.flat(),
  };
}

export const nothing = { vms: [], volumes: [], claims: [] };

/** The lab's VMs without its templates. */
export function machinesOf(lab: Lab) {
  return [...lab.machines.values()].filter(({ config }) => config.template !== '1');
}

/** Looks every few milliseconds, for what no card tells. */
export async function untilTrue(look: () => boolean): Promise<void> {
  while (!look()) await systemClock.sleep(5);
}

/** How often a call was made: `POST …/clone`, over all nodes and VMs. */
export function callsOf(lab: Lab, pattern: RegExp): number {
  return [...lab.calls].reduce((sum, [call, times]) => sum + (pattern.test(call) ? times : 0), 0);
}

/** Templates as `/template build` makes them: it is their marker that says so. */
function readyTemplates(places: SettingOptions['templates'] = [{ node: 'pve1', storage: 'nas' }]) {
  return places.map(({ node, storage = 'nas' }, index) => {
    const vmid = 9000 + index;
    return { vmid, name: 'lab-debian', node, storage, config: { description: templateNotes(vmid) } };
  });
}

import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { parse } from 'yaml';
import { type Config, parseConfig } from '#bot/config.ts';
import { writeLabConfig } from '#bot/up/lab-config.ts';
import { openWebStore } from '#bot/web-store.ts';
import type { WebStore } from '#chat/web/store.ts';
import { connectRedis } from '#jobs/engine/redis.ts';
import { openRuns, type Runs } from '#jobs/engine/runs.ts';
import { machineOf, newIdentity } from '#lab/guests.ts';
import { described } from '#lab/schema-for-tests.ts';
import { type Lab, type LabOptions, startLab } from '#lab/start.ts';
import { addTemplates } from '#lab/templates.ts';
import { writeMarker } from '#proxmox/marker.ts';
import type { ConsoleUser } from '../console.ts';
import { freshRedis, type RedisServer, startRedis } from '../redis.ts';
import type { OnSite } from '../sites.ts';
import { templateNotes } from '../template-notes.ts';
import { type Front, startFront } from './front.ts';

/** Everything but workers: a simulated lab, Redis, a gateway and two people, used for one case after the other. */
export interface Stage extends AsyncDisposable {
  readonly lab: Lab;
  readonly config: Config;
  /** The file of that configuration, for a process of its own. */
  readonly configFile: string;
  readonly prefix: string;
  readonly redis: Redis;
  /** A Redis that is nobody else's, when that was asked for. */
  readonly server: RedisServer | undefined;
  readonly runs: Runs;
  /** The gateway that people go to. */
  readonly front: Front;
  /** Where its console is. */
  readonly url: string;
  readonly ana: ConsoleUser;
  /** From now on this is called at each site of {@link front}. */
  watchFront(onSite: OnSite): void;
  /** Another gateway, which people go to from now on; the one before stays until the reset. */
  replaceFront(): Promise<void>;
  /** What the console keeps, which is what people see. */
  readonly messages: WebStore;
  /** What the foreign VMs looked like at the beginning. */
  readonly foreign: string;
  /** Whether a VM is somebody else's. */
  isForeign(vmid: number): boolean;
  /** The run that stands in the marker of VMs that were there from the start. */
  readonly earlier: string;
  /** A VM of ours, running, as an earlier run would have made it. */
  addVm(name: string): Promise<number>;
  /** Somebody else makes a VM with this number. */
  intrude(vmid: number): void;
  /** Somebody removes this VM of ours, and gives its number to a copy of a VM of ours. */
  replace(vmid: number): Promise<void>;
  /** VMs of other people that came since the last reset, each as it was then. */
  readonly intruders: ReadonlyMap<number, string>;
  /** The numbers that were given to others by {@link replace}. */
  readonly replaced: ReadonlySet<number>;
  /** The lab as it was at the beginning, whatever happened since. */
  reset(): Promise<void>;
}

export interface StageOptions {
  /** Whether the template stands ready; it does unless told. */
  readonly template?: boolean;
  /** A Redis of its own: `always` keeps every write. */
  readonly ownRedis?: readonly string[];
  /** Where that Redis has its files. */
  readonly place?: string;
  readonly times?: LabOptions['times'];
}

const templateOf = { vmid: 9000, name: 'lab-debian', node: 'pve1', storage: 'nas' };
const earlier = 'r-earlier';
const intruder = { name: 'intruder', description: 'Not of a bot.', memory: '512' };
/** What Proxmox copies into a clone of the template. */
const copiedNotes = templateNotes(templateOf.vmid, 'lab-debian', earlier);
const theirs = { template: '0', description: 'Not of a bot.' };
const foreignVms = [
  { vmid: 200, name: 'accounting', node: 'pve1', storage: 'nas', config: theirs },
  { vmid: 5001, name: 'in-the-way', node: 'pve2', storage: 'nas', config: theirs },
  { vmid: 300, name: 'lab-debian', node: 'pve1', storage: 'nas', config: { description: copiedNotes } },
];

export async function openStage({ template = true, ownRedis, place, times }: StageOptions = {}): Promise<Stage> {
  await using made = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'botswain-faults-'));
  made.defer(() => rm(folder, { recursive: true, force: true }));
  const templates = template ? [{ ...templateOf, config: { description: copiedNotes } }] : [];
  const lab = made.use(await startLab({ templates, ...described('9.2'), times: { lingerMs: 15_000, ...times } }));
  await addTemplates(lab.cluster, foreignVms);
  const running = lab.state.guests.find(({ vmid }) => vmid === 200);
  if (running) await lab.engine.start(machineOf(lab.cluster, running), new AbortController().signal);

  const server = ownRedis ? made.use(await startRedis(ownRedis, place)) : undefined;
  const shared = await freshRedis();
  const url = server?.url ?? shared.url;
  const configFile = writeLabConfig(folder, lab, 0);
  const written = parse(readFileSync(configFile, 'utf8')) as { clusters: object[] };
  // Two such reads, one after the other, fit into the time that a plan may take here.
  const clusters = written.clusters.map((one) => ({ ...one, nodeTimeout: '1500ms' }));
  const name = shared.prefix.slice(1, -1);
  const more = { redis: { url, prefix: name, unsafe: 'warn' }, worker: { lease: '1s' }, log: { level: 'silent' } };
  const text = JSON.stringify({ ...written, clusters, ...more });
  writeFileSync(configFile, text);
  const config = parseConfig(text, configFile, {});
  // This one waits while Redis is away; what people do fails then.
  const redis = connectRedis(url, 'blocking');
  const asking = connectRedis(url, 'asking');
  for (const connection of [redis, asking]) made.defer(() => connection.disconnect());

  let onFront: OnSite = () => undefined;
  let front = await startFront(config, (site) => onFront(site));
  const fronts = new Set([front]);
  made.defer(async () => void (await Promise.all([...fronts].map((one) => one.leave()))));
  const messages = made.use(openWebStore({ url, prefix: shared.prefix }));
  const base = { guests: structuredClone(lab.state.guests), volumes: structuredClone(lab.state.volumes) };
  const foreign = foreignState(lab);
  let given = 0;
  const intruders = new Map<number, string>();
  const replaced = new Set<number>();
  const all = made.move();
  return {
    ...{ lab, config, configFile, prefix: shared.prefix, redis, server, messages, foreign, earlier },
    get front() {
      return front;
    },
    get url() {
      return front.url;
    },
    get ana() {
      return front.ana;
    },
    watchFront(onSite) {
      onFront = onSite;
    },
    async replaceFront() {
      front = await startFront(config, (site) => onFront(site));
      fronts.add(front);
    },
    intruders,
    replaced,
    isForeign: (vmid) => intruders.has(vmid) || foreignVms.some((vm) => vm.vmid === vmid),
    runs: openRuns({ redis: asking, prefix: shared.prefix }),
    async addVm(vmName) {
      given += 1;
      const vmid = 4000 + given;
      const marker = writeMarker(vmName, { run: earlier, owner: 'ana', vmid, template: 'lab-debian' });
      const spec = { vmid, name: vmName, node: 'pve1', storage: 'nas', config: { template: '0', description: marker } };
      await addTemplates(lab.cluster, [spec]);
      const guest = lab.state.guests.find((one) => one.vmid === vmid);
      if (!guest) throw new Error(`VM ${vmid} was not made.`);
      await lab.engine.start(machineOf(lab.cluster, guest), new AbortController().signal);
      // Somebody has cloned it, notes and all.
      const { scsi0: _, ide2: __, ...copied } = guest.config;
      const copy = { ...copied, ...newIdentity(), name: `${vmName}-copy` };
      lab.state.guests.push({ ...structuredClone(guest), vmid: vmid + 500, config: copy });
      intruders.set(vmid + 500, stateOf(lab, vmid + 500));
      return vmid;
    },
    intrude(vmid) {
      const config = structuredClone(intruder);
      const [template] = lab.state.guests;
      if (template) lab.state.guests.push({ ...structuredClone(template), vmid, node: 'pve1', config });
      intruders.set(vmid, stateOf(lab, vmid));
    },
    async replace(vmid) {
      const guest = lab.state.guests.find((one) => one.vmid === vmid);
      if (!guest) return;
      await lab.engine.stop(vmid);
      // Before the marker has a UUID only the number tells a copy; it is one of another VM of ours then.
      const description = guest.config.description ?? '';
      const copied = /"uuid"/.test(description) ? description : description.replace(`"vmid":${vmid}`, '"vmid":4999');
      guest.config = { ...guest.config, ...newIdentity(), description: copied };
      intruders.set(vmid, stateOf(lab, vmid));
      replaced.add(vmid);
    },
    async reset() {
      onFront = () => undefined;
      for (const old of fronts) {
        if (old === front) continue;
        await old.leave();
        fronts.delete(old);
      }
      intruders.clear();
      replaced.clear();
      lab.faults.length = 0;
      lab.violations.length = 0;
      await lab.cluster.tasks.settle();
      const kept = new Set(base.guests.map(({ vmid }) => vmid));
      for (const { vmid } of lab.state.guests) if (!kept.has(vmid)) await lab.engine.stop(vmid);
      lab.state.guests = structuredClone(base.guests);
      lab.state.volumes = structuredClone(base.volumes);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Everything about one VM, to the letter. */
export function stateOf({ state, engine }: Lab, vmid: number): string {
  const guest = state.guests.find((one) => one.vmid === vmid);
  return JSON.stringify([guest, state.volumes.filter((one) => one.vmid === vmid), engine.power(vmid)]);
}

/** Everything about the VMs that are nobody's of ours, to the letter. */
export function foreignState(lab: Lab): string {
  const vmids = new Set(foreignVms.map(({ vmid }) => vmid));
  return JSON.stringify([
    lab.state.guests.filter(({ vmid }) => vmids.has(vmid)),
    lab.state.volumes.filter(({ vmid }) => vmid !== undefined && vmids.has(vmid)),
    [...vmids].map((vmid) => lab.engine.power(vmid)),
  ]);
}

import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { findCertificate } from './certificate.ts';
import type { Cluster } from './cluster.ts';
import { openDoors } from './doors.ts';
import type { Engine, Power } from './engine.ts';
import type { Fault } from './faults.ts';
import { firstState, labToken } from './first-state.ts';
import { applyPending, findGuest, machineOf } from './guests.ts';
import { type ImageFile, type Images, startImages } from './images.ts';
import { makeInspector, type Violation } from './inspect.ts';
import { type Jump, startJump } from './jump.ts';
import { makeLocks } from './locks.ts';
import { makeTickets } from './login.ts';
import { builtInRoles } from './privileges.ts';
import { lookAtGuests } from './rows.ts';
import type { ApiSchema } from './schema.ts';
import type { Calls } from './server.ts';
import { quickSettings, type Settings } from './settings.ts';
import { startSimulated } from './simulated/engine.ts';
import { labImage } from './simulated/image.ts';
import { quickTimes, type Times } from './simulated/times.ts';
import { keepState, loadState, type NodeSpec, type State, type StorageSpec } from './state.ts';
import { makeTasks } from './tasks.ts';
import { addTemplates, type TemplateSpec } from './templates.ts';

export interface LabOptions extends Partial<Settings> {
  /** What carries the machines; the simulated engine with `times` when it is left out. */
  readonly engine?: Engine;
  readonly times?: Partial<Times>;
  /** A folder to find everything again after a restart; nothing is written without it. */
  readonly stateDir?: string;
  /** 0 = any free port. */
  readonly port?: number;
  /** `each` gives every node an address of its own, which is shut while it is offline; else one stands for all. */
  readonly doors?: 'one' | 'each';
  readonly jumpPort?: number;
  readonly imagesPort?: number;
  readonly nodes?: readonly (string | Partial<NodeSpec>)[];
  /** Instead of `local` and `fast` on each node and the shared `nas`. */
  readonly storages?: readonly (Pick<StorageSpec, 'storage'> & Partial<StorageSpec>)[];
  /** Templates that are there from the start, made of the lab's image. */
  readonly templates?: readonly TemplateSpec[];
  /** Proxmox's description of its API in the version that `profile` says; every call and answer is held against it. */
  readonly schema?: ApiSchema;
  /** What the image server hands out, instead of `lab-debian.qcow2` (no guest agent in it, as a vendor's image). */
  readonly images?: readonly ImageFile[];
}

/** A running lab. */
export interface Lab extends AsyncDisposable {
  /** `https://127.0.0.1:PORT`; the API is under `/api2/json`. */
  readonly url: string;
  /** The same by node: with `doors: 'each'` every node has its own. */
  readonly urls: Readonly<Record<string, string>>;
  /** SHA-256 of the certificate: `AB:CD:…`. */
  readonly fingerprint: string;
  /** The certificate itself (PEM); it vouches for itself. */
  readonly ca: string;
  /** `id` is `botswain@pve!lab`; the header reads `PVEAPIToken=id=secret`. */
  readonly token: { readonly id: string; readonly secret: string };
  readonly jump: Pick<Jump, 'host' | 'port' | 'user'>;
  readonly images: Images;
  /** Push faults here; they strike the next calls that match. */
  readonly faults: Fault[];
  /** `GET /nodes/{node}/qemu` → how often it was called. */
  readonly calls: Calls;
  /** What did not fit `schema`; always empty without one. Tests may clear it. */
  readonly violations: Violation[];
  /** Every VM by its id, templates included, as they are now. */
  readonly machines: ReadonlyMap<number, MachineView>;
  readonly state: State;
  readonly engine: Engine;
  readonly cluster: Cluster;
}

export interface MachineView {
  readonly vmid: number;
  readonly node: string;
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  readonly power: Power | 'stopped';
}

/** Starts the API server, the jump host and the image server on loopback. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { stateDir: dir, times, port = 0, jumpPort = 0, imagesPort = 0 } = options;
  if (dir !== undefined) await mkdir(dir, { recursive: true, mode: 0o700 });
  const settings: Settings = { ...quickSettings, ...options };
  const certificate = await findCertificate(dir);
  const found = dir === undefined ? undefined : await loadState(dir);
  const state = found ?? firstState(options, settings.profile);
  // The version may be another one than last time, and with it what Proxmox's own roles may do.
  Object.assign(state.roles, builtInRoles(settings.profile));
  const file = keepState(state, dir);
  const engine = options.engine ?? (await startSimulated({ times: { ...quickTimes, ...times }, dir }));
  const faults: Fault[] = [];
  const calls: Calls = new Map();
  const tasks = makeTasks({ before: async () => {}, onEnd: file.save });
  const cluster: Cluster = {
    engine,
    state,
    file,
    tasks,
    locks: makeLocks(settings.lockTimeoutMs),
    settings,
    seen: new Map(),
    fingerprint: certificate.fingerprint,
    startedAt: Date.now(),
  };
  engine.onPowerOff((vmid) => {
    const guest = findGuest(cluster, vmid);
    if (guest) applyPending(guest);
    file.save();
  });
  if (!found && options.templates) await addTemplates(cluster, options.templates);
  if (found) await startAgain(cluster);

  await using made = new AsyncDisposableStack();
  const inspector = makeInspector(options.schema);
  const parts = { cluster, certificate, faults, calls, inspector, tickets: makeTickets(randomBytes(32)) };
  const doors = made.use(await openDoors(parts, { each: options.doors === 'each', port }));
  const url = doors.urls[state.nodes[0]?.name ?? ''] ?? '';
  const jump = made.use(await startJump(engine, { port: jumpPort, dir }));
  const images = made.use(await startImages(options.images ?? [vendorImage], imagesPort));
  if (settings.resourcesLagMs > 0) {
    lookAtGuests(cluster);
    const rounds = setInterval(() => lookAtGuests(cluster), settings.resourcesLagMs);
    rounds.unref();
    made.defer(() => clearInterval(rounds));
  }
  const running = made.move();

  return {
    url,
    urls: doors.urls,
    fingerprint: certificate.fingerprint,
    ca: certificate.cert,
    token: labToken(state),
    jump: { host: jump.host, port: jump.port, user: jump.user },
    images,
    faults,
    calls,
    violations: inspector.violations,
    state,
    engine,
    cluster,
    get machines() {
      return viewOf(cluster);
    },
    async [Symbol.asyncDispose]() {
      if (running.disposed) return;
      await running.disposeAsync();
      state.running = state.guests.map(({ vmid }) => vmid).filter((vmid) => engine.power(vmid) !== 'stopped');
      if (options.engine === undefined) await engine[Symbol.asyncDispose]();
      await file.flush();
    },
  };
}

const vendorImage: ImageFile = {
  name: 'lab-debian.qcow2',
  bytes: labImage({ virtualSize: 2 * 1024 ** 3, os: 'debian', agent: false }),
};

/** Gives power back to the machines that had it at the last end, if their engine lost them. */
async function startAgain(cluster: Cluster): Promise<void> {
  for (const vmid of cluster.state.running) {
    const guest = findGuest(cluster, vmid);
    if (guest && cluster.engine.power(vmid) === 'stopped') {
      await cluster.engine.start(machineOf(cluster, guest), new AbortController().signal);
    }
  }
}

function viewOf(cluster: Cluster): Map<number, MachineView> {
  return new Map(
    cluster.state.guests.map(({ vmid, node, config }) => {
      const name = config.name ?? `VM ${vmid}`;
      return [vmid, { vmid, node, name, config, power: cluster.engine.power(vmid) }] as const;
    }),
  );
}

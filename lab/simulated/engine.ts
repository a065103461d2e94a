import { duplexPair } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Engine, type Machine, segment } from '../engine.ts';
import { readKeys } from '../keys.ts';
import { type AgentMemory, answerAgent } from './agent.ts';
import { type Disk, makeDisks } from './disks.ts';
import { keepDisks, loadDisks } from './keep.ts';
import { insideOf, powerCut, powerOn } from './machine.ts';
import type { Running, Surroundings } from './running.ts';
import { serveSsh } from './ssh.ts';
import type { Times } from './times.ts';

export interface SimulatedOptions {
  readonly times: Times;
  /** A folder to find the disks again after a restart; memory only without it. */
  readonly dir?: string | undefined;
}

export interface SimulatedEngine extends Engine {
  readonly name: 'simulated';
  readonly disks: Map<string, Disk>;
  /** The addresses that a running machine has by now. */
  addressesOf(vmid: number): string[];
  /** What was typed since the machine was last started, one entry for each call: `shift-a`. */
  keysOf(vmid: number): readonly string[];
}

/** Machines that exist only in memory, with real SSH servers on a network that exists only in memory. */
export async function startSimulated({ times, dir }: SimulatedOptions): Promise<SimulatedEngine> {
  const disks = makeDisks(times, dir === undefined ? new Map() : await loadDisks(dir));
  const file = dir === undefined ? undefined : keepDisks(disks.all, dir);
  const onChange = () => file?.save();
  const machines = new Map<number, Running>();
  const agents = new WeakMap<Running, AgentMemory>();
  const typed = new Map<number, readonly string[]>();
  const leases = new Map<string, string>();
  const listeners: ((vmid: number) => void)[] = [];
  let lastPid = 4000;

  const around: Surroundings = { disks, times, lease, powerOff, reset, changed: onChange };

  function lease(client: string): string {
    const known = leases.get(client);
    if (known !== undefined) return known;
    const address = leasable[leases.size % leasable.length] ?? segment.firstLease;
    leases.set(client, address);
    return address;
  }

  function powerOff(vmid: number): void {
    const running = machines.get(vmid);
    if (!running) return;
    machines.delete(vmid);
    powerCut(running);
    onChange();
    for (const listener of listeners) listener(vmid);
  }

  function mustRun(vmid: number): Running {
    const running = machines.get(vmid);
    if (!running) throw new Error(`VM ${vmid} is not running`);
    return running;
  }

  async function start(machine: Machine): Promise<void> {
    if (machines.has(machine.vmid)) throw new Error(`VM ${machine.vmid} already running`);
    typed.delete(machine.vmid);
    machines.set(machine.vmid, powerOn(machine, ++lastPid, around));
  }

  async function reset(vmid: number): Promise<void> {
    const { machine } = mustRun(vmid);
    powerCut(mustRun(vmid));
    machines.set(vmid, powerOn(machine, ++lastPid, around));
  }

  async function shutdown(vmid: number, timeoutMs: number): Promise<void> {
    const running = mustRun(vmid);
    const deadline = Date.now() + timeoutMs;
    // The button is pressed once: what is not up yet, or stands still, never hears of it.
    const isDeaf = !running.booted || running.power !== 'running';
    while (isDeaf) {
      if (machines.get(vmid) !== running) return;
      if (Date.now() >= deadline) throw new Error('VM quit/powerdown failed - got timeout');
      await sleep(Math.min(5, timeoutMs), undefined, { ref: false });
    }
    await sleep(times.shutdownMs, undefined, { ref: false });
    if (machines.get(vmid) === running) powerOff(vmid);
  }

  async function agent(
    vmid: number,
    command: string,
    args: Record<string, unknown>,
    timeoutMs: number,
  ): Promise<unknown> {
    const running = mustRun(vmid);
    if (!running.agentUp || !running.system || running.power !== 'running') {
      await sleep(timeoutMs, undefined, { ref: false });
      throw new Error(`VM ${vmid} qmp command '${command}' failed - got timeout`);
    }
    running.heard.resolve();
    const memory = agents.get(running) ?? { processes: new Map(), opened: [] };
    agents.set(running, memory);
    const answer = await answerAgent(running, insideOf(running, running.system, 'root', around), memory, command, args);
    onChange();
    return answer;
  }

  async function connect(address: string, port: number) {
    const running = [...machines.values()].find((one) => one.cards.some((card) => card.address === address));
    if (!running?.system) throw refused('EHOSTUNREACH', address, port);
    if (running.power !== 'running') throw refused('ETIMEDOUT', address, port);
    if (port !== 22 || !running.sshUp) throw refused('ECONNREFUSED', address, port);
    const { system } = running;
    const [near, far] = duplexPair();
    serveSsh(far, system, (user) => insideOf(running, system, user, around));
    return near;
  }

  return {
    name: 'simulated',
    disks: disks.all,
    store: changing(disks.store),
    inspect: disks.inspect,
    createDisk: changing(disks.createDisk),
    copyDisk: changing(disks.copyDisk),
    linkDisk: changing(disks.linkDisk),
    resizeDisk: changing(disks.resizeDisk),
    renameDisk: changing(disks.renameDisk),
    removeVolume: changing(disks.removeVolume),
    snapshotDisk: changing(disks.snapshotDisk),
    rollbackDisk: changing(disks.rollbackDisk),
    dropSnapshot: changing(disks.dropSnapshot),
    start,
    stop: async (vmid) => powerOff(vmid),
    shutdown,
    reset,
    pause: async (vmid, paused) => {
      mustRun(vmid).power = paused ? 'paused' : 'running';
    },
    power: (vmid) => machines.get(vmid)?.power ?? 'stopped',
    process: (vmid) => machines.get(vmid),
    onPowerOff: (listener) => void listeners.push(listener),
    agent,
    async sendKey(vmid, keys) {
      const running = mustRun(vmid);
      const pressed = readKeys(keys).join('-');
      typed.set(vmid, [...(typed.get(vmid) ?? []), pressed].slice(-mostKeys));
      running.onKey?.(pressed);
    },
    consoleLog: async (vmid) => mustRun(vmid).console.join('\n'),
    connect,
    addressesOf: (vmid) =>
      (machines.get(vmid)?.cards ?? []).flatMap(({ address }) => (address === undefined ? [] : [address])),
    keysOf: (vmid) => typed.get(vmid) ?? [],
    [Symbol.asyncDispose]: async () => {
      for (const running of machines.values()) powerCut(running);
      machines.clear();
      await file?.flush();
    },
  };

  function changing<A extends unknown[], R>(work: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
    return async (...args) => {
      const result = await work(...args);
      onChange();
      return result;
    };
  }
}

function refused(code: string, address: string, port: number): Error {
  return Object.assign(new Error(`connect ${code} ${address}:${port}`), { code, address, port });
}

/** A longer boot command than any; what was typed before is forgotten. */
const mostKeys = 4096;

/** What DHCP hands out: from the first lease on to the end of the segment, and then what is below it, from above. */
const leasable = leaseOrder();

function leaseOrder(): readonly string[] {
  const network = segment.firstLease.slice(0, segment.firstLease.lastIndexOf('.') + 1);
  const first = Number(segment.firstLease.slice(network.length));
  const upper = Array.from({ length: 254 - first }, (_, at) => first + at);
  const lower = Array.from({ length: first - 10 }, (_, at) => first - 1 - at);
  return [...upper, ...lower].map((host) => network + host);
}

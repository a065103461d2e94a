import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine, Machine } from '../engine.ts';
import type { Accelerator } from './accelerator.ts';
import { type RunningMachine, startMachine } from './machine.ts';
import { machinePlaces, type Places } from './places.ts';
import { endProcess } from './process.ts';

type PowerPart = Pick<Engine, 'start' | 'stop' | 'reset' | 'pause' | 'power' | 'process' | 'onPowerOff'>;

/** Which machines run, and their switches. */
export interface Power extends PowerPart {
  readonly machines: ReadonlyMap<number, RunningMachine>;
  /** Takes over a machine of an earlier run. */
  adopt(machine: RunningMachine): void;
  /** Resolves with true when the machine is off, with false after `limitMs`. */
  isOffWithin(vmid: number, limitMs: number): Promise<boolean>;
  /** Leaves all machines running and forgets them. */
  release(): void;
}

export interface PowerOptions {
  readonly places: Places;
  readonly accelerator: Accelerator;
  readonly segment: string;
}

const quitLimitMs = 5000;

export function machinePower(options: PowerOptions): Power {
  const machines = new Map<number, RunningMachine>();
  const starting = new Set<number>();
  const ends = new Map<number, Promise<void>>();
  const listeners: ((vmid: number) => void)[] = [];

  return {
    machines,
    adopt,
    isOffWithin,

    async start(machine, signal) {
      const { vmid } = machine;
      signal.throwIfAborted();
      if (machines.has(vmid) || starting.has(vmid)) throw new Error(`VM ${vmid} already running`);
      starting.add(vmid);
      try {
        adopt(await startMachine({ ...options, machine }));
      } finally {
        starting.delete(vmid);
      }
      if (signal.aborted) await stop(vmid);
      signal.throwIfAborted();
    },

    stop,

    async reset(vmid) {
      await running(vmid).qmp.execute('system_reset');
    },

    async pause(vmid, paused) {
      await running(vmid).qmp.execute(paused ? 'stop' : 'cont');
    },

    power(vmid) {
      const machine = machines.get(vmid);
      if (!machine) return 'stopped';
      return machine.paused ? 'paused' : 'running';
    },

    process: (vmid) => machines.get(vmid)?.process,
    onPowerOff: (listener) => listeners.push(listener),

    release() {
      const left = [...machines.values()];
      machines.clear();
      for (const machine of left) machine.qmp.release();
    },
  };

  function adopt(machine: RunningMachine): void {
    machines.set(machine.vmid, machine);
    ends.set(
      machine.vmid,
      machine.qmp.closed.then(() => cleanUp(machine)),
    );
  }

  /** The monitor closes a moment before the process lets go of its disks. */
  async function cleanUp({ vmid }: RunningMachine): Promise<void> {
    if (!machines.has(vmid)) return; // released
    await endProcess(machinePlaces(options.places, vmid).pidFile);
    machines.delete(vmid);
    for (const listener of listeners) listener(vmid);
  }

  async function stop(vmid: number): Promise<void> {
    const machine = machines.get(vmid);
    if (!machine) return;
    // QEMU may be gone before it answers; whether it is off is seen below.
    machine.qmp.execute('quit').catch(() => undefined);
    if (!(await isOffWithin(vmid, quitLimitMs))) await endProcess(machinePlaces(options.places, vmid).pidFile, 0);
    await ends.get(vmid);
  }

  async function isOffWithin(vmid: number, limitMs: number): Promise<boolean> {
    const done = new AbortController();
    const off = (ends.get(vmid) ?? Promise.resolve()).then(() => true);
    const late = sleep(limitMs, false, { signal: done.signal }).catch(() => false);
    const result = await Promise.race([off, late]);
    done.abort();
    return result;
  }

  function running(vmid: Machine['vmid']): RunningMachine {
    const machine = machines.get(vmid);
    if (!machine) throw new Error(`VM ${vmid} not running`);
    return machine;
  }
}

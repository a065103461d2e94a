import type { Engine } from '../engine.ts';
import { chooseAccelerator } from './accelerator.ts';
import { boundConsole } from './console-log.ts';
import { fileDisks } from './disks.ts';
import { guests } from './guests.ts';
import { adoptMachines } from './machine.ts';
import { startNetwork } from './network.ts';
import { machinePlaces, type Places, preparePlaces } from './places.ts';
import { machinePower, type Power } from './power.ts';
import { resizeOpenDisk } from './resize.ts';

export interface QemuOptions {
  /** Volumes, machines and leases; an earlier run's machines are found again by it. */
  readonly stateDir: string;
  /** Machines and network go on after dispose. */
  readonly keep?: boolean;
  onProgress(line: string): void;
}

const consoleCheckMs = 10_000;

/** The lab on real machines: QEMU processes, qcow2 files, one network segment. */
export async function startQemu(options: QemuOptions): Promise<Engine> {
  const places = preparePlaces(options.stateDir);
  const accelerator = await chooseAccelerator(places.root, options.onProgress);
  const network = await startNetwork(places);
  const power = machinePower({ places, accelerator, segment: network.socket });
  await takeOver(places, power, network.found, options.onProgress);
  const consoles = setInterval(() => {
    for (const vmid of power.machines.keys()) {
      boundConsole(machinePlaces(places, vmid).console).catch((error: Error) => options.onProgress(error.message));
    }
  }, consoleCheckMs).unref();
  const { start, stop, reset, pause, process, onPowerOff } = power;
  const { leave, ...asking } = guests(places, power);

  return {
    name: 'qemu',
    ...fileDisks(places, (file, bytes) => resizeOpenDisk(power.machines.values(), file, bytes)),
    ...{ start, stop, reset, pause, process, onPowerOff, power: power.power },
    ...asking,
    connect: (address, port) => network.forwards.connect(address, port),
    async [Symbol.asyncDispose]() {
      clearInterval(consoles);
      leave();
      if (options.keep) {
        power.release();
        return network.release();
      }
      await Promise.all([...power.machines.keys()].map((vmid) => stop(vmid)));
      await network.stop();
    },
  };
}

/** Machines of an earlier run go on, unless their switch is gone: a card does not find a new one. */
async function takeOver(
  places: Places,
  power: Power,
  wired: boolean,
  onProgress: (line: string) => void,
): Promise<void> {
  for (const machine of await adoptMachines(places)) {
    power.adopt(machine);
    if (wired) {
      onProgress(`VM ${machine.vmid} is still running.`);
      continue;
    }
    onProgress(`VM ${machine.vmid} has lost its network with the switch and is stopped.`);
    await power.stop(machine.vmid);
  }
}

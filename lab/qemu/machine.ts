import { mkdir, readdir } from 'node:fs/promises';
import { isCloudInit, readDrive } from '../drive.ts';
import type { Machine } from '../engine.ts';
import type { Accelerator } from './accelerator.ts';
import { machineArgs } from './args.ts';
import { writeCloudInitDrive } from './cloud-init-drive.ts';
import { runCommand } from './command.ts';
import { clearConsole } from './console-log.ts';
import { machinePlaces, type Places, volumeFile } from './places.ts';
import { endProcess, type FoundProcess, findProcess } from './process.ts';
import { openQmp, type Qmp } from './qmp.ts';

/** A machine that has power. */
export interface RunningMachine {
  readonly vmid: number;
  readonly process: FoundProcess;
  readonly qmp: Qmp;
  paused: boolean;
}

export interface StartOptions {
  readonly machine: Machine;
  readonly places: Places;
  readonly accelerator: Accelerator;
  readonly segment: string;
}

/** Starts QEMU as a process that outlives the lab's own, and connects to it. */
export async function startMachine(options: StartOptions): Promise<RunningMachine> {
  const { machine } = options;
  const places = machinePlaces(options.places, machine.vmid);
  await mkdir(places.folder, { recursive: true });
  await clearConsole(places.console);
  const files = await driveFiles(options);
  try {
    await runCommand('qemu-system-x86_64', machineArgs({ ...options, places, files }));
  } catch (error) {
    const complaint = error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error);
    throw new Error(`start failed: QEMU exited with code 1 (${complaint})`, { cause: error });
  }
  const running = await adoptMachine(options.places, machine.vmid);
  if (!running) throw new Error(`VM ${machine.vmid} ended right after its start`);
  return running;
}

/** The file behind each drive key; the cloud-init drive is written anew at each start, as Proxmox does. */
async function driveFiles(options: StartOptions): Promise<Record<string, string>> {
  const { machine } = options;
  const files: Record<string, string> = {};
  for (const [key, volume] of Object.entries(machine.drives)) files[key] = volumeFile(options.places, volume);
  const drive = Object.keys(machine.config).find((key) => isCloudInit(readDrive(machine.config[key] ?? '')));
  if (drive !== undefined && machine.cloudInit) {
    const iso = machinePlaces(options.places, machine.vmid).cloudInit;
    await writeCloudInitDrive(iso, machine.cloudInit);
    files[drive] = iso;
  }
  return files;
}

/** Connects to a machine that runs already; undefined when it does not. One that no longer answers is ended. */
async function adoptMachine(places: Places, vmid: number): Promise<RunningMachine | undefined> {
  const { pidFile, qmp: socket } = machinePlaces(places, vmid);
  const process = findProcess(pidFile);
  if (!process) return undefined;
  try {
    const qmp = await openQmp(socket);
    const machine: RunningMachine = { vmid, process, qmp, paused: false };
    qmp.onEvent((event) => {
      if (event === 'STOP') machine.paused = true;
      if (event === 'RESUME') machine.paused = false;
    });
    machine.paused = isPaused(await qmp.execute('query-status'));
    return machine;
  } catch {
    // Whatever it is doing, nobody can manage it any more.
    await endProcess(pidFile);
    return undefined;
  }
}

/** The machines that an earlier run of the lab has left running. */
export async function adoptMachines(places: Places): Promise<RunningMachine[]> {
  const found: RunningMachine[] = [];
  for (const name of await readdir(places.machines)) {
    const machine = /^\d+$/.test(name) ? await adoptMachine(places, Number(name)) : undefined;
    if (machine) found.push(machine);
  }
  return found;
}

function isPaused(status: unknown): boolean {
  return typeof status === 'object' && status !== null && 'status' in status && status.status === 'paused';
}

import type { Machine, Power } from '../engine.ts';
import type { Disks } from './disks.ts';
import type { System } from './image.ts';
import type { Times } from './times.ts';

/** A machine that has power. */
export interface Running {
  readonly machine: Machine;
  readonly pid: number;
  readonly startedAt: number;
  power: Power;
  /** Bytes that were read of its disks. */
  diskRead: number;
  /** The system on its boot disk; undefined when nothing boots. */
  readonly system: System | undefined;
  readonly console: string[];
  /** By network card: `net0` → its MAC address and, once it has one, its address. */
  readonly cards: { readonly key: string; readonly mac: string; address: string | undefined }[];
  booted: boolean;
  agentUp: boolean;
  sshUp: boolean;
  readonly cloudInit: PromiseWithResolvers<void>;
  cloudInitStatus: 'not started' | 'running' | 'done' | 'error';
  /** Hears what is typed, by those that wait for it. */
  onKey?: (keys: string) => void;
  /** Somebody has asked its agent, and was answered. */
  readonly heard: PromiseWithResolvers<void>;
  readonly timers: Set<NodeJS.Timeout>;
}

export interface Surroundings {
  readonly disks: Disks;
  readonly times: Times;
  /** The address that DHCP gives to a client: systemd's names itself by machine id and card. */
  lease(client: string): string;
  powerOff(vmid: number): void;
  reset(vmid: number): Promise<void>;
  changed(): void;
}

/** Does it later, if the machine still has power then. */
export function after(running: Running, delayMs: number, then: () => void): void {
  const timer = setTimeout(() => {
    running.timers.delete(timer);
    then();
  }, delayMs);
  timer.unref();
  running.timers.add(timer);
}

import type { VmStatus } from './vm-rows.ts';

/** Why a VM that has power does nothing: `why` goes behind its name, `hint` says what to do. */
export interface Standstill {
  readonly why: string;
  readonly hint: string;
  /** It may be over in a moment, so it counts only when it is seen twice. */
  readonly passing: boolean;
}

/**
 * Whether a VM has power and stands still. While something works on it (`lock`), a pause is part of that.
 *
 * The words are QEMU's RunState, which Proxmox passes on as `qmpstatus`.
 */
export function standstill({ status, qmpstatus = '', lock }: VmStatus): Standstill | undefined {
  if (status !== 'running' || lock !== undefined) return undefined;
  const found = states[qmpstatus];
  return found && { ...found, why: `${found.why} (${qmpstatus})` };
}

const console = 'Look at its console in Proxmox.';

const states: Readonly<Record<string, Standstill>> = {
  'io-error': {
    why: 'can’t read or write its disk and stands still',
    hint: 'Its storage is probably full: make room there, then resume or reset it in Proxmox.',
    passing: false,
  },
  'guest-panicked': { why: 'stands still after a panic of its kernel', hint: console, passing: false },
  'internal-error': { why: 'stands still after an error of QEMU', hint: console, passing: false },
  watchdog: { why: 'was stopped by its watchdog', hint: console, passing: false },
  paused: { why: 'is paused', hint: 'Resume it in Proxmox.', passing: true },
  suspended: { why: 'is asleep', hint: 'Wake it in Proxmox.', passing: true },
};

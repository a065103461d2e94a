import { setTimeout as sleep } from 'node:timers/promises';

/** The file locks of `/var/lock/qemu-server`: one holder per VM, others wait a while and then give up. */
export interface Locks {
  /**
   * Runs `work` alone for this VM. Waits at most `timeoutMs`, telling `onWait` when it has to, and then rejects with
   * Proxmox's `can't lock file … - got timeout`.
   */
  hold<T>(vmid: number, work: () => Promise<T>, options?: HoldOptions): Promise<T>;
  busy(vmid: number): boolean;
}

export interface HoldOptions {
  readonly timeoutMs?: number;
  readonly onWait?: () => void;
  readonly onGot?: () => void;
}

/** Locks whose waiters give up after `defaultTimeoutMs` (10 s in Proxmox). */
export function makeLocks(defaultTimeoutMs: number): Locks {
  const tails = new Map<number, Promise<void>>();

  async function hold<T>(vmid: number, work: () => Promise<T>, options: HoldOptions = {}): Promise<T> {
    const before = tails.get(vmid);
    const mine = Promise.withResolvers<void>();
    const tail = (before ?? Promise.resolve()).then(() => mine.promise);
    tails.set(vmid, tail);
    try {
      if (before) await turn(before, vmid, options.timeoutMs ?? defaultTimeoutMs, options);
      return await work();
    } finally {
      mine.resolve();
      if (tails.get(vmid) === tail) tails.delete(vmid);
    }
  }

  return { hold, busy: (vmid) => tails.has(vmid) };
}

async function turn(before: Promise<void>, vmid: number, timeoutMs: number, options: HoldOptions): Promise<void> {
  options.onWait?.();
  const given = new AbortController();
  const late = sleep(timeoutMs, 'late' as const, { signal: given.signal, ref: false }).catch(() => 'got it' as const);
  const outcome = await Promise.race([before.then(() => 'got it' as const), late]);
  given.abort();
  if (outcome === 'late') throw new Error(`can't lock file '/var/lock/qemu-server/lock-${vmid}.conf' - got timeout`);
  options.onGot?.();
}

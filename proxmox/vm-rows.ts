import { z } from 'zod';
import { splitTags } from './config.ts';
import { Amount, defined, Flag, Text } from './shapes.ts';
import type { Vm } from './vms.ts';

const State = z.enum(['running', 'stopped', 'unknown']).catch('unknown');

/** A row of GET /nodes/{node}/qemu. */
export const VmRow = z.object({
  vmid: Amount.optional(),
  name: Text.nullish(),
  status: Text.optional(),
  template: Flag.optional(),
  maxmem: Amount.nullish(),
  /** `/cluster/resources` calls them maxcpu, a node cpus. */
  cpus: Amount.nullish(),
  maxcpu: Amount.nullish(),
  maxdisk: Amount.nullish(),
  tags: Text.nullish(),
  lock: Text.nullish(),
  uptime: Amount.nullish(),
});

/** What a VM does now. */
export interface VmStatus {
  readonly status: 'running' | 'stopped' | 'unknown';
  /** QEMU's own word: `running`, `paused`, `prelaunch` … */
  readonly qmpstatus?: string;
  /** Seconds. */
  readonly uptime: number;
  /** Of QEMU; a reboot gives a new one, a reset does not. Missing while it is off. */
  readonly pid?: number;
  readonly lock?: string;
  /** Bytes read of its disks since it was started, where Proxmox counts them. */
  readonly diskRead?: number;
  /** The guest agent is turned on in its options, which does not say that it answers. */
  readonly agent: boolean;
  /** Managed by HA, which starts and stops it later than its tasks end. */
  readonly ha: boolean;
}

/** The answer of GET /nodes/{node}/qemu/{vmid}/status/current. */
export const VmStatus = z
  .object({
    status: State,
    qmpstatus: Text.optional(),
    uptime: Amount.nullish(),
    pid: Amount.nullish(),
    diskread: Amount.nullish(),
    lock: Text.nullish(),
    agent: Flag.optional(),
    ha: z.object({ managed: Flag }).optional(),
  })
  .transform(
    ({ status, qmpstatus, uptime, pid, lock, diskread, agent, ha }): VmStatus => ({
      ...{ status, uptime: uptime ?? 0, agent: agent ?? false, ha: ha?.managed ?? false },
      ...defined({ qmpstatus, pid: pid ?? undefined, lock: lock ?? undefined, diskRead: diskread ?? undefined }),
    }),
  );

/** A VM as a list shows it, in our words. */
export function readVmRow(node: string, row: z.infer<typeof VmRow>): Vm {
  const vmid = row.vmid ?? 0;
  return {
    ...{ vmid, node, status: State.parse(row.status), template: row.template ?? false },
    ...{ maxMemory: row.maxmem ?? 0, cpus: row.cpus ?? row.maxcpu ?? 0, maxDisk: row.maxdisk ?? 0 },
    tags: splitTags(row.tags),
    ...defined({
      // A node makes this name up for a VM that has none yet.
      name: row.name && row.name !== `VM ${vmid}` ? row.name : undefined,
      lock: row.lock ?? undefined,
      uptime: row.uptime ?? undefined,
    }),
  };
}

import { z } from 'zod';
import type { Api } from './api.ts';
import { VmConfig } from './config.ts';
import { at } from './encode.ts';
import { ProxmoxError } from './errors.ts';
import { rows } from './shapes.ts';

/** A snapshot with the configuration that it keeps; `vmstate` of that is the volume with the memory. */
export interface Snapshot {
  readonly name: string;
  readonly config: VmConfig;
}

const mostSnapshots = 500;

/**
 * The snapshots of a VM with their configurations.
 *
 * GET /nodes/{node}/qemu/{vmid}/snapshot, GET /nodes/{node}/qemu/{vmid}/snapshot/{snapname}/config
 */
export async function readSnapshots(api: Api, node: string, vmid: number): Promise<Snapshot[]> {
  const found = await api.get(at`/nodes/${node}/qemu/${vmid}/snapshot`, rows(z.object({ name: z.string() })));
  // The last row stands for the present.
  const names = found.map(({ name }) => name).filter((name) => name !== 'current');
  if (names.length > mostSnapshots) {
    throw new ProxmoxError(api.cluster, `VM ${vmid} on ${node} has ${names.length} snapshots`, {
      kind: 'answer too long',
      outcome: 'permanent',
      hint: `Each is a question of its own, so ${mostSnapshots} are read at most: see \`qm listsnapshot ${vmid}\` on ${node}.`,
    });
  }
  return Promise.all(
    names.map(async (name) => ({
      name,
      config: await api.get(at`/nodes/${node}/qemu/${vmid}/snapshot/${name}/config`, VmConfig),
    })),
  );
}

import { z } from 'zod';
import type { Api } from './api.ts';
import { VmConfig } from './config.ts';
import { at } from './encode.ts';
import { rows } from './shapes.ts';

/** A snapshot with the configuration that it keeps; `vmstate` of that is the volume with the memory. */
export interface Snapshot {
  readonly name: string;
  readonly config: VmConfig;
}

/**
 * The snapshots of a VM with their configurations.
 *
 * GET /nodes/{node}/qemu/{vmid}/snapshot, GET /nodes/{node}/qemu/{vmid}/snapshot/{snapname}/config
 */
export async function readSnapshots(api: Api, node: string, vmid: number): Promise<Snapshot[]> {
  const found = await api.get(at`/nodes/${node}/qemu/${vmid}/snapshot`, rows(z.object({ name: z.string() })));
  // The last row stands for the present.
  const names = found.map(({ name }) => name).filter((name) => name !== 'current');
  return Promise.all(
    names.map(async (name) => ({
      name,
      config: await api.get(at`/nodes/${node}/qemu/${vmid}/snapshot/${name}/config`, VmConfig),
    })),
  );
}

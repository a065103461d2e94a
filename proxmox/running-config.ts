import type { Api } from './api.ts';
import { VmConfig } from './config.ts';
import { at } from './encode.ts';
import { unlessMissing } from './missing.ts';

/**
 * What a VM runs with: its configuration without what waits for its next start. Undefined when there is no such VM on that node.
 *
 * GET /nodes/{node}/qemu/{vmid}/config?current=1
 */
export function readRunningConfig(api: Api, node: string, vmid: number): Promise<VmConfig | undefined> {
  return unlessMissing(api.get(at`/nodes/${node}/qemu/${vmid}/config`, VmConfig, { current: true }));
}

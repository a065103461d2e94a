import type { Api } from './api.ts';
import { amountIn, ResourceRows, textIn } from './resource-rows.ts';

/**
 * The node that a VM is on, a new one's too; undefined when there is none with this number.
 *
 * GET /cluster/resources?type=vm
 */
export async function locateVm(api: Api, vmid: number): Promise<string | undefined> {
  const resources = await api.get('/cluster/resources', ResourceRows, { type: 'vm' });
  const found = resources.find((row) => row.type === 'qemu' && amountIn(row.vmid) === vmid);
  return textIn(found?.node);
}

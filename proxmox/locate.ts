import type { Api } from './api.ts';
import { rows } from './shapes.ts';
import { Resource } from './vm-rows.ts';

/**
 * The node that a VM is on, a new one's too; undefined when there is none with this number.
 *
 * GET /cluster/resources?type=vm
 */
export async function locateVm(api: Api, vmid: number): Promise<string | undefined> {
  const resources = await api.get('/cluster/resources', rows(Resource), { type: 'vm' });
  return resources.find(({ type, vmid: number }) => type === 'qemu' && number === vmid)?.node;
}

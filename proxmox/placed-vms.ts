import type { Api } from './api.ts';
import { rows } from './shapes.ts';
import { Resource } from './vm-rows.ts';

/** A VM and where it is, as the cluster's own list has it. */
export interface PlacedVm {
  readonly vmid: number;
  readonly node: string;
  /** Missing when the list does not have it yet. */
  readonly name?: string;
}

/**
 * Every VM that is no template, in one call. The cluster's list is up to 10 s old.
 *
 * GET /cluster/resources?type=vm
 */
export async function listPlacedVms(api: Api): Promise<PlacedVm[]> {
  const found = await api.get('/cluster/resources', rows(Resource), { type: 'vm' });
  return found.flatMap(({ type, vmid, node = '', name, template }) => {
    if (type !== 'qemu' || vmid === undefined || template) return [];
    return { vmid, node, ...(name ? { name } : {}) };
  });
}

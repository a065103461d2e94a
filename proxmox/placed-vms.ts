import type { Api } from './api.ts';
import { amountIn, ResourceRows, textIn } from './resource-rows.ts';

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
  const found = await api.get('/cluster/resources', ResourceRows, { type: 'vm' });
  return found.flatMap((row) => {
    if (row.type !== 'qemu' || amountIn(row.template) === 1) return [];
    const name = textIn(row.name);
    return { vmid: amountIn(row.vmid), node: textIn(row.node) ?? '', ...(name === undefined ? {} : { name }) };
  });
}

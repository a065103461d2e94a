import { ProxmoxError } from './errors.ts';

/** The answer of a read about one VM; undefined when there is no such VM on that node, or none that the token may see. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isMissingVm(error) || isHiddenVm(error)) return undefined;
    throw error;
  }
}

/** The error for a VM that was there and is not any more. */
export function notThere(cluster: string, node: string, vmid: number): ProxmoxError {
  return new ProxmoxError(cluster, `VM ${vmid} is not on ${node} any more`, { kind: 'missing', outcome: 'permanent' });
}

/** Proxmox checks rights before existence: to a token with rights on a pool only, a VM outside of it and none at all are the same. */
export function isHiddenVm(error: unknown): boolean {
  return (
    error instanceof ProxmoxError && error.kind === 'permission' && / VM\.Audit on \/vms\/\d+$/.test(error.message)
  );
}

function isMissingVm(error: unknown): boolean {
  return error instanceof ProxmoxError && error.kind === 'missing' && /^there is no VM /.test(error.message);
}

import { UserError } from '#base/errors.ts';
import { readPermissionsAt } from './access.ts';
import type { Cluster } from './cluster.ts';
import { at } from './encode.ts';
import { ProxmoxError } from './errors.ts';
import { isHiddenVm } from './missing.ts';
import { Done } from './shapes.ts';
import { isFree } from './vmids.ts';

/**
 * Throws a `UserError` when the token may not see VMs and templates: what it does not find may be there all
 * the same. To be asked before somebody is told that there is no `what` (`a VM "web"`).
 *
 * GET /access/permissions
 */
export async function requireSight({ api, settings, name }: Cluster, what: string): Promise<void> {
  const path = settings.pool === undefined ? '/vms' : `/pool/${settings.pool}`;
  const permissions = await readPermissionsAt(api, [path]);
  if (permissions[path]?.['VM.Audit'] !== undefined) return;
  throw new UserError(
    `Whether there is ${what} can’t be seen: the API token ${settings.token.id} lacks VM.Audit on ${path} of ${name}.`,
    { hint: '/bot doctor' },
  );
}

/**
 * Throws a `ProxmoxError` of kind `permission` when a number is taken by something that the token may not look at. To
 * be asked before it is said that nothing is left of a VM that was made: its rights may have been taken away since.
 *
 * GET /nodes/{node}/qemu/{vmid}/config, GET /cluster/nextid?vmid={vmid}
 */
export async function refuseHidden({ api, settings, name }: Cluster, node: string, vmid: number): Promise<void> {
  const cause = await api.get(at`/nodes/${node}/qemu/${vmid}/config`, Done).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!isHiddenVm(cause) || (await isFree(api, vmid))) return;
  const message =
    `whether VM ${vmid} is still there can’t be seen: its number is taken, and the API token ` +
    `${settings.token.id} lacks VM.Audit on /vms/${vmid}`;
  throw new ProxmoxError(name, message, {
    ...{ kind: 'permission', outcome: 'permanent', cause },
    hint: `Give the token its rights back (\`/bot doctor\` names them) and go on, or look for it in Proxmox: qm config ${vmid}`,
  });
}

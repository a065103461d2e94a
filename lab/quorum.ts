import type { Cluster } from './cluster.ts';
import { died } from './problem.ts';

const accessWrites: Readonly<Record<string, string>> = {
  'POST /access/users': 'create user failed: ',
  'PUT /access/users/{userid}': 'update user failed: ',
  'DELETE /access/users/{userid}': 'delete user failed: ',
  'POST /access/groups': 'create group failed: ',
  'POST /access/roles': 'create role failed: ',
  'PUT /access/acl': 'ACL update failed: ',
};
const beginnings = /^POST \/nodes\/\{node\}\/qemu(\/\{vmid\}\/(clone|status\/start|template|migrate))?$/;

/** Whether more than half of the nodes are online, unless somebody has decided otherwise. */
export function isQuorate({ state }: Pick<Cluster, 'state'>): boolean {
  return state.quorate ?? state.nodes.filter(({ online }) => online).length * 2 > state.nodes.length;
}

/** What a cluster without its majority says before it begins: it reads, logs in, and takes calls whose tasks fail later. */
export function checkQuorum(cluster: Cluster, call: string): void {
  if (isQuorate(cluster)) return;
  if (beginnings.test(call)) throw died('cluster not ready - no quorum?');
  const doing = accessWrites[call];
  if (doing !== undefined) throw died(`${doing}cfs-lock 'file-user_cfg' error: no quorum!`);
}

/** Throws what writing a VM's config comes to then: its file system is read-only. */
export function checkWritable(cluster: Cluster, node: string, vmid: number): void {
  if (isQuorate(cluster)) return;
  const file = `/etc/pve/nodes/${node}/qemu-server/${vmid}.conf.tmp.${process.pid}`;
  throw died(`unable to open file '${file}' - Permission denied`);
}

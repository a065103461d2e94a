import { isRoot } from '../access.ts';
import { guestOn } from '../guests.ts';
import { flag, optional, text } from '../params.ts';
import { badParameters, died } from '../problem.ts';
import { type Call, perm, type Route } from '../route.ts';

export const sendKeyRoutes: readonly Route[] = [
  {
    method: 'PUT',
    path: '/nodes/{node}/qemu/{vmid}/sendkey',
    access: perm('/vms/{vmid}', 'VM.Console'),
    params: { key: text(), skiplock: optional(flag) },
    run: sendKey,
  },
];

/** Proxmox hands the key to the monitor as it is, and what the monitor answers is an error. */
async function sendKey({ cluster, caller, node, vmid, values }: Call): Promise<null> {
  if (values.skiplock === '1' && !isRoot(caller)) throw badParameters({ skiplock: 'Only root may use this option.' });
  await cluster.locks.hold(vmid, async () => {
    guestOn(cluster, node, vmid);
    if (cluster.engine.power(vmid) === 'stopped') throw died(`VM ${vmid} not running`);
    await cluster.engine.sendKey(vmid, values.key ?? '');
  });
  return null;
}

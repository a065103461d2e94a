import assert from 'node:assert/strict';
import { apiForTests } from '#lab/api-for-tests.ts';
import type { Lab } from '#lab/start.ts';

/** Somebody with rights in Proxmox makes a full clone of a VM there, as its web page or `qm clone` does. */
export async function cloneInProxmox(
  lab: Lab,
  { source, vmid, name }: { readonly source: number; readonly vmid: number; readonly name: string },
): Promise<void> {
  const node = nodeOf(lab, source);
  const params = { newid: vmid, name, full: 1 };
  assert.equal(await apiForTests(lab).task('POST', `/nodes/${node}/qemu/${source}/clone`, params), 'OK');
}

function nodeOf(lab: Lab, vmid: number): string {
  const guest = lab.state.guests.find((one) => one.vmid === vmid);
  assert.ok(guest, `There is no VM ${vmid}.`);
  return guest.node;
}

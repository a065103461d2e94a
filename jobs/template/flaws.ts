import type { Cluster } from '#proxmox/cluster.ts';
import type { VmConfig } from '#proxmox/config.ts';

/** Something that a template lacks, and without which its clones do not come up as they should. */
export type Flaw = {
  /** Nothing can be made of it at all. */
  readonly fatal: boolean;
  /** A sentence. */
  readonly text: string;
  /** What root types on the template's node. */
  readonly next: string;
};

/** What a template lacks by its configuration. `what` names it: `debian-12 (VM 9000 on pve1)`. */
export function flawsOf(what: string, vmid: number, config: VmConfig, { settings }: Cluster): Flaw[] {
  const { bridge, vlan, storages } = settings;
  const hasDrive = config.cdroms.some(({ volid }) => /[:/]vm-\d+-cloudinit(\.|$)/.test(volid));
  const net = `virtio,bridge=${bridge}${vlan === undefined ? '' : `,tag=${vlan}`}`;
  const flaw = (is: boolean, fatal: boolean, why: string, next: string) =>
    is ? [{ fatal, text: `Template ${what} ${why}.`, next: `qm set ${vmid} ${next}` }] : [];
  return [
    ...flaw(config.nets.length === 0, true, 'has no network card', `--net0 ${net}`),
    ...flaw(
      !hasDrive,
      false,
      'has no cloud-init drive: its clones get no user, keys or address from us',
      `--${freeSlot(config)} ${storages.disks}:cloudinit`,
    ),
    ...flaw(
      !config.agent,
      false,
      'does not say that the guest agent is installed in it, which is waited for',
      '--agent enabled=1',
    ),
  ];
}

/** Where a CD drive can still be put. */
function freeSlot({ raw }: VmConfig): string {
  return ['ide2', 'ide0', 'ide1', 'ide3'].find((key) => raw[key] === undefined) ?? 'sata5';
}

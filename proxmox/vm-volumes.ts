import type { Api } from './api.ts';
import type { VmConfig } from './config.ts';
import { readRunningConfig } from './running-config.ts';
import { readSnapshots } from './snapshots.ts';

/** A volume that a VM's configuration names. */
export interface NamedVolume {
  /** Where: `scsi0`, `unused0`, `ide2 (cloud-init)`, `state of snapshot before`. */
  readonly where: string;
  /** `nas:5000/vm-5000-disk-0.qcow2`, without the base of a linked clone. */
  readonly volid: string;
  /** As Proxmox writes it (`40G`); '' when it does not. */
  readonly size: string;
}

/** What becomes of a VM's volumes when it is destroyed. */
export interface VmVolumes {
  readonly goes: readonly NamedVolume[];
  readonly stays: readonly NamedVolume[];
}

/**
 * The volumes that a VM's configuration names, by what `qm destroy` does with them: it removes those that bear the VM's number and stand in the
 * configuration now (unused ones, cloud-init, EFI, TPM and what waits for the next start too), and the memory of snapshots. What another VM owns, what only
 * a snapshot names, and paths of devices stay; ISO images are not named.
 *
 * GET /nodes/{node}/qemu/{vmid}/config?current=1, GET /nodes/{node}/qemu/{vmid}/snapshot, GET /nodes/{node}/qemu/{vmid}/snapshot/{snapname}/config
 */
export async function readVolumes(api: Api, node: string, vmid: number, config: VmConfig): Promise<VmVolumes> {
  const [running, snapshots] = await Promise.all([readRunningConfig(api, node, vmid), readSnapshots(api, node, vmid)]);
  const now = [...volumesOf(config), ...(running ? volumesOf(running) : [])];
  const states = snapshots.flatMap(({ name, config: { raw } }) =>
    raw.vmstate ? [readVolume(`state of snapshot ${name}`, raw.vmstate)] : [],
  );
  const inSnapshots = snapshots.flatMap(({ name, config: { raw } }) =>
    volumesOf({ raw: { ...raw, vmstate: '' } }).map((one) => ({ ...one, where: `${one.where} of snapshot ${name}` })),
  );
  const removed = once([...now, ...states]);
  const goes = removed.filter(({ volid }) => ownerOf(volid) === vmid);
  const gone = new Set(goes.map(({ volid }) => volid));
  return { goes, stays: once([...removed, ...inSnapshots]).filter(({ volid }) => !gone.has(volid)) };
}

/** Where in its configuration a VM has volumes: `['scsi0', 'ide2 (cloud-init)']`. Its clones have theirs there, too. */
export const placesOf = (config: Pick<VmConfig, 'raw'>): string[] => volumesOf(config).map(({ where }) => where);

/** The volume itself, without the base that a linked clone names before it. */
export function ownVolid(volid: string): string {
  const at = volid.indexOf(':');
  if (at === -1) return volid;
  const parts = volid.slice(at + 1).split('/');
  const inFolder = /^\d+$/.test(parts.at(-2) ?? '');
  return `${volid.slice(0, at)}:${parts.slice(inFolder ? -2 : -1).join('/')}`;
}

/** The number of the VM that a volume belongs to by its name; undefined for devices and what bears none. */
function ownerOf(volid: string): number | undefined {
  const name = volid.slice(volid.indexOf(':') + 1);
  const [, folder, number] = /^(?:(\d+)\/)?(?:(?:vm|base|subvol|basevol)-(\d+)-)?/.exec(name) ?? [];
  const owner = folder ?? number;
  return owner === undefined || !volid.includes(':') ? undefined : Number(owner);
}

function volumesOf({ raw }: Pick<VmConfig, 'raw'>): NamedVolume[] {
  return Object.entries(raw)
    .filter(([key]) => /^(?:(?:ide|sata|scsi|virtio|efidisk|tpmstate|unused)\d+|vmstate)$/.test(key))
    .filter(([, line]) => !isDisc(line))
    .map(([key, line]) => readVolume(/-cloudinit\b/.test(line) ? `${key} (cloud-init)` : key, line))
    .filter(({ volid }) => volid !== '' && volid !== 'none');
}

/** An ISO image, or an empty drive; a cloud-init drive is a CD drive too, and belongs to its VM. */
const isDisc = (line: string) => /,media=cdrom/.test(line) && !/-cloudinit\b/.test(line);

function readVolume(where: string, line: string): NamedVolume {
  const [first = '', ...options] = line.split(',');
  const size = options.find((option) => option.startsWith('size='))?.slice('size='.length) ?? '';
  return { where, volid: ownVolid(first.replace(/^(?:file|volume)=/, '')), size };
}

function once(volumes: readonly NamedVolume[]): NamedVolume[] {
  return [...new Map(volumes.toReversed().map((one) => [one.volid, one])).values()].toReversed();
}

import type { Cluster } from './cluster.ts';
import { engineVolume } from './drive.ts';
import { newGuest, newIdentity, newMac } from './guests.ts';
import { writeSize } from './property.ts';
import { labImage, type Trouble } from './simulated/image.ts';
import { findStorage, recordVolume, removeVolume } from './volumes.ts';

/** A template to begin with. */
export interface TemplateSpec {
  readonly vmid: number;
  readonly name: string;
  readonly node?: string;
  readonly storage?: string;
  /** Whether the guest agent is installed on its disk; yes unless told. */
  readonly agent?: boolean;
  /** One that was left on its disk, so that all clones have it; none unless told, as in a vendor's image. */
  readonly machineId?: string;
  /** What goes wrong when a clone boots. */
  readonly trouble?: Trouble;
  /** There is no system on its disk. */
  readonly blank?: boolean;
  /** Bytes; 2 GiB unless told. */
  readonly size?: number;
  readonly config?: Readonly<Record<string, string>>;
}

/** Makes templates of the simulated engine's image, without the API: a shortcut for tests that are about something else. */
export async function addTemplates(cluster: Cluster, templates: readonly TemplateSpec[]): Promise<void> {
  for (const template of templates) await addTemplate(cluster, template);
}

async function addTemplate(cluster: Cluster, template: TemplateSpec): Promise<void> {
  const { vmid, name, node = 'pve1', agent = true, size = 2 * 1024 ** 3, machineId, trouble } = template;
  const storage = findStorage(cluster.state, template.storage ?? 'local');
  const image = recordVolume(cluster, {
    volid: `${storage.storage}:import/lab-template-${vmid}.qcow2`,
    storage,
    node,
    content: 'import',
    format: 'qcow2',
    size: 4096,
  });
  const bytes = labImage({ virtualSize: size, os: 'debian', agent, machineId, trouble });
  await cluster.engine.store(engineVolume(image), oneChunk(bytes));
  const common = { storage, node, content: 'images', format: 'qcow2', vmid };
  const disk = recordVolume(cluster, {
    ...common,
    volid: `${storage.storage}:${vmid}/base-${vmid}-disk-0.qcow2`,
    size,
  });
  if (template.blank) await cluster.engine.createDisk(engineVolume(disk), size);
  else await cluster.engine.linkDisk(engineVolume(image), engineVolume(disk));
  await removeVolume(cluster, image);
  const drive = recordVolume(cluster, {
    ...common,
    volid: `${storage.storage}:${vmid}/vm-${vmid}-cloudinit.qcow2`,
    size: 4 * 1024 ** 2,
  });
  const config = {
    ...newIdentity(),
    name,
    template: '1',
    meta: `creation-qemu=9.2.0,ctime=${Math.floor(Date.now() / 1000)}`,
    agent: '1',
    cores: '1',
    memory: '512',
    ostype: 'l26',
    scsihw: 'virtio-scsi-pci',
    serial0: 'socket',
    vga: 'serial0',
    boot: 'order=scsi0',
    net0: `virtio=${newMac()},bridge=vmbr0`,
    scsi0: `${disk.volid},size=${writeSize(size)}`,
    ide2: `${drive.volid},media=cdrom`,
    ...template.config,
  };
  cluster.state.guests.push(newGuest(vmid, node, config));
}

async function* oneChunk(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

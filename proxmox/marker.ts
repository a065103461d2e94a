import { z } from 'zod';
import type { Api } from './api.ts';
import type { VmConfig } from './config.ts';
import { mayBeHiddenCopy, refuseDeadCopy } from './copies.ts';
import { ProxmoxError } from './errors.ts';
import { locateVm } from './locate.ts';
import { notThere } from './missing.ts';
import { readVm } from './vms.ts';

const Marker = z.object({
  /** The run that made the VM. */
  run: z.string(),
  /** The key of the person it was made for. */
  owner: z.string(),
  role: z.string().optional(),
  /** The catalog name: of the template it is, or was made from. */
  template: z.string().optional(),
  /** The checksum of the image it was made from. */
  image: z.string().optional(),
});

/** What Botswain writes into the description of its VMs. It is the proof that a VM is ours; nothing without it is ever removed. */
export type Marker = z.infer<typeof Marker>;

/** A description: the text for people, then the marker as a comment that Proxmox's pages do not show. */
export function writeMarker(text: string, marker: Marker): string {
  // "--" would end the comment, "<" could start something in Proxmox's Markdown, and a line must stay a line.
  const json = JSON.stringify(Marker.parse(marker)).replace(/[<>\u2028\u2029]|-(?=-)/g, escaped);
  return `${text.trim()}\n\n<!-- botswain ${json} -->`;
}

/** The marker of a description; undefined when there is none that can be read. */
export function readMarker(description: string): Marker | undefined {
  // People may have written below it.
  const json = [...description.matchAll(/<!-- botswain (\{.*?\}) -->/g)].at(-1)?.[1];
  if (json === undefined) return undefined;
  try {
    return Marker.parse(JSON.parse(json));
  } catch {
    // Somebody edited it: it proves nothing any more.
    return undefined;
  }
}

/**
 * Whose the VM with this number is. While it is being copied it shows neither name nor description (`copying`), and stands on the
 * source's node even when another is its target. Throws a `ProxmoxError` of kind `locked` when a copy was left half done: only root can remove that.
 *
 * GET /nodes/{node}/qemu/{vmid}/config, GET /cluster/resources, GET /nodes/{node}/tasks, GET /cluster/tasks
 */
export async function whoseVm(
  api: Api,
  node: string,
  vmid: number,
  run: string,
): Promise<'ours' | 'copying' | 'foreign' | 'missing'> {
  const there = await readAnywhere(api, node, vmid);
  if (!there) return (await mayBeHiddenCopy(api, node, vmid)) ? 'copying' : 'missing';
  const { config } = there;
  if (config.lock === 'clone' || config.lock === 'create') {
    await refuseDeadCopy(api, there.node, vmid);
    return 'copying';
  }
  return readMarker(config.description ?? '')?.run === run ? 'ours' : 'foreign';
}

/**
 * Reads a VM once more, just before something that can't be taken back, and answers its configuration. Throws a `ProxmoxError` of kind `missing` when it
 * is gone, and one of kind `protected` when it is not the VM that was meant: without our marker, of another run, or with another SMBIOS UUID.
 *
 * GET /nodes/{node}/qemu/{vmid}/config
 */
export async function requireOurs(
  api: Api,
  node: string,
  vmid: number,
  expected: { readonly run?: string; readonly uuid?: string },
): Promise<VmConfig> {
  const config = await readVm(api, node, vmid);
  if (!config) throw notThere(api.cluster, node, vmid);
  const why = foreign(config, expected);
  if (why === undefined) return config;
  throw new ProxmoxError(api.cluster, `VM ${vmid} on ${node} (${config.name ?? 'no name'}) is left alone: ${why}`, {
    kind: 'protected',
    outcome: 'permanent',
    hint: 'Its number was probably given to another VM since. Look at it in Proxmox.',
  });
}

function foreign(config: VmConfig, { run, uuid }: { run?: string; uuid?: string }): string | undefined {
  const marker = readMarker(config.description ?? '');
  if (!marker) return 'it carries no marker of Botswain';
  if (run !== undefined && marker.run !== run) return `it was made by run ${marker.run}, not by ${run}`;
  if (uuid !== undefined && (config.smbiosUuid ?? '') !== uuid) return 'its SMBIOS UUID is another one';
  return undefined;
}

async function readAnywhere(
  api: Api,
  node: string,
  vmid: number,
): Promise<{ node: string; config: VmConfig } | undefined> {
  const here = await readVm(api, node, vmid);
  if (here) return { node, config: here };
  const elsewhere = await locateVm(api, vmid);
  const config = elsewhere === undefined ? undefined : await readVm(api, elsewhere, vmid);
  return elsewhere === undefined || !config ? undefined : { node: elsewhere, config };
}

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

import { z } from 'zod';
import type { VmConfig } from './config.ts';

const Marker = z.object({
  /** The run that made the VM. */
  run: z.string(),
  /** The key of the person it was made for. */
  owner: z.string(),
  /** The VM that is meant: a clone has another number, and Proxmox copies the notes into it. Missing in older markers. */
  vmid: z.int().optional(),
  /** Its SMBIOS UUID, once it has one: a clone and another VM that is given the number have another. */
  uuid: z.string().optional(),
  role: z.string().optional(),
  /** The catalog name: of the template it is, or was made from. */
  template: z.string().optional(),
  /** The checksum of the image it was made from. */
  image: z.string().optional(),
});

/**
 * What Botswain writes into the description of its VMs. It proves that a VM is ours when it names that VM
 * ({@link readOwnership}); nothing else is ever removed.
 */
export type Marker = z.infer<typeof Marker>;

/** A marker as it is written now: it names the VM. */
export type NewMarker = Marker & { readonly vmid: number };

/** A description: the text for people, then the marker as a comment that Proxmox's pages do not show. */
export function writeMarker(text: string, marker: NewMarker): string {
  // "--" would end the comment, "<" could start something in Proxmox's Markdown, and a line must stay a line.
  const json = JSON.stringify(Marker.parse(marker)).replace(/[<>\u2028\u2029]|-(?=-)/g, escaped);
  return `${text.trim()}\n\n<!-- botswain ${json} -->`;
}

/**
 * The description of a VM with all in its marker that tells it from its copies: its number, and its SMBIOS UUID when it has one. What people wrote
 * around the marker stays; without a marker nothing is added.
 */
export function nameInMarker(
  vmid: number,
  { description = '', smbiosUuid }: Pick<VmConfig, 'description' | 'smbiosUuid'>,
): string {
  const marker = readMarker(description);
  const older = marker && [...description.matchAll(pattern())].at(-1);
  if (!older) return description;
  const written = writeMarker('', { ...marker, vmid, ...(smbiosUuid === undefined ? {} : { uuid: smbiosUuid }) });
  return description.slice(0, older.index) + written.trim() + description.slice(older.index + older[0].length);
}

/** Proxmox takes notes of 8 KiB; searching takes the square of their length. */
const mostOfNotes = 32 * 1024;

/** The marker of a description; undefined when there is none that can be read. */
export function readMarker(description: string): Marker | undefined {
  if (description.length > mostOfNotes) return undefined;
  // People may have written below it.
  const json = [...description.matchAll(pattern())].at(-1)?.[1];
  if (json === undefined) return undefined;
  try {
    return Marker.parse(JSON.parse(json));
  } catch {
    // Somebody edited it: it proves nothing any more.
    return undefined;
  }
}

/**
 * Whose a VM is by its marker. `copied`: the marker names another VM, as that of a clone or of a restored backup
 * does. `unproven`: an older marker that names none. `why` is a clause for people: `it carries the marker of VM 5001`.
 */
export type Ownership =
  | { readonly state: 'ours'; readonly marker: Marker }
  | { readonly state: 'copied' | 'unproven'; readonly marker: Marker; readonly why: string }
  | { readonly state: 'unmarked'; readonly marker?: undefined; readonly why: string };

/**
 * Whose the VM with this number and configuration is. A marker of an older version, which names no VM, counts inside
 * our range of numbers (`vmids`) on a VM that has the name its notes begin with: a clone gets another name or number.
 */
export function readOwnership(
  vmid: number,
  config: Pick<VmConfig, 'description' | 'smbiosUuid' | 'name'>,
  vmids: { readonly from: number; readonly to: number },
): Ownership {
  const marker = readMarker(config.description ?? '');
  if (!marker) return { state: 'unmarked', why: 'it carries no marker of Botswain' };
  const why = misfit(vmid, config, marker);
  if (why !== undefined) return { state: 'copied', marker, why };
  if (marker.vmid !== undefined || isOlderOne(vmid, config, vmids)) return { state: 'ours', marker };
  return {
    ...{ state: 'unproven', marker },
    why: `its marker is one of an older version, and does not say that VM ${vmid} is meant`,
  };
}

/** Whether this run made the VM with this number, which the run itself knows: so an older marker will do. */
export function isMadeBy(run: string, vmid: number, config: VmConfig): boolean {
  const marker = readMarker(config.description ?? '');
  return marker?.run === run && misfit(vmid, config, marker) === undefined;
}

/** Whether two SMBIOS UUIDs are the same; Proxmox keeps the case in which one was written. */
export const sameUuid = (one: string | undefined, other: string | undefined): boolean =>
  (one ?? '').toLowerCase() === (other ?? '').toLowerCase();

function misfit(vmid: number, { smbiosUuid }: Pick<VmConfig, 'smbiosUuid'>, marker: Marker): string | undefined {
  if (marker.vmid !== undefined && marker.vmid !== vmid) {
    return `it carries the marker of VM ${marker.vmid}: Proxmox copies the notes when a VM is cloned or restored`;
  }
  if (marker.uuid !== undefined && !sameUuid(marker.uuid, smbiosUuid)) {
    return `its marker names another SMBIOS UUID (${marker.uuid}) than it has (${smbiosUuid ?? 'none'})`;
  }
  return undefined;
}

function isOlderOne(
  vmid: number,
  { name, description = '' }: Pick<VmConfig, 'description' | 'name'>,
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  const called = /^(?:Template )?(\S+), made by Botswain for /.exec(description)?.[1];
  return vmid >= from && vmid <= to && name !== undefined && name === called;
}

const pattern = () => /<!-- botswain (\{.*?\}) -->/g;

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

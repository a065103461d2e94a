import { writeMarker } from '#proxmox/marker.ts';

/** The notes of a template as `/template build` writes them: they make it one of ours, and name the image it was made from. */
export const templateNotes = (vmid: number, template = 'lab-debian', run = 'r-test'): string =>
  writeMarker('Template', { run, owner: 'ana', vmid, template, image: 'a'.repeat(64) });

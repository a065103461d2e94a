import { textOf } from './console.ts';
import type { Setting } from './setting.ts';

/** Every command that reaches Proxmox, one after the other, and what each must come to. */
const acts: readonly (readonly [string, RegExp])[] = [
  ['/template build lab-debian', /Template lab-debian is ready/],
  ['/node list', /pve1 \| online \| 1? ?\d* ?.*GiB/],
  ['/vm create k8s-dev medium', /^k8s-dev is ready/],
  ['/vm create k8s-full small --clone full --network static --ip 10.77.0.40/24', /^k8s-full is ready/],
  ['/vm list', /k8s-dev \| /],
  ['/vm show k8s-dev', /Addresses: 10\.77\.0\./],
  ['/vm reboot k8s-dev', /k8s-dev \(VM 5001\) is running/],
  ['/vm stop k8s-dev', /k8s-dev \(VM 5001\) is stopped/],
  ['/vm resize k8s-dev large', /k8s-dev has 4 CPUs/],
  ['/vm start k8s-dev', /k8s-dev \(VM 5001\) is running/],
  ['/vm stop k8s-full --force', /k8s-full \(VM 5002\) is stopped/],
];

/** What the bot says when something did not go as it was to. */
const trouble = /failed|No node has room|lacks|you may not|There is no/;

/** Builds a template, makes two VMs of it, does with them whatever can be done, and destroys them. Rejects at the first that fails. */
export async function wholeLife({ ana, ben }: Setting, limitMs = 10_000): Promise<void> {
  for (const [line, ending] of acts) {
    await ana.type(line);
    const said = textOf(await ana.until(new RegExp(`${ending.source}|${trouble.source}`), limitMs));
    if (!ending.test(said)) throw new Error(said);
  }
  for (const name of ['k8s-dev', 'k8s-full']) {
    await ana.type(`/vm destroy ${name}`);
    await ben.until(new RegExp(`Approve\\? destroy ${name}`), limitMs);
    await ben.press('Approve');
    await ana.until(new RegExp(`${name} \\(VM \\d+\\) is gone`), limitMs);
  }
}

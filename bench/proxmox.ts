import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabReady } from '#bot/up/lab.ts';

export interface Vm {
  readonly vmid: number;
  readonly node: string;
  readonly name: string;
  readonly status: string;
  readonly template?: number;
}

/** Asks the lab's Proxmox, or its own desk (`/_lab/calls`), without anything of the product; answers the `data`. */
export function askLab<T>(lab: LabReady, method: string, path: string): Promise<T> {
  const authorization = `PVEAPIToken=${lab.token.id}=${lab.token.secret}`;
  // The certificate is the lab's own, on this machine's loopback.
  const options = { method, headers: { authorization }, rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    const call = request(new URL(path, lab.url), options, async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      if (response.statusCode !== 200) return reject(new Error(`${method} ${path}: ${response.statusCode} ${text}`));
      resolve((JSON.parse(text) as { data: T }).data);
    });
    call.once('error', reject);
    call.end();
  });
}

/** All VMs of the lab, templates among them. */
export function listLabVms(lab: LabReady): Promise<Vm[]> {
  return askLab(lab, 'GET', '/api2/json/cluster/resources?type=vm');
}

/** Stops and removes a VM, and waits until it is gone. */
export async function removeVm(lab: LabReady, { node, vmid }: Pick<Vm, 'node' | 'vmid'>): Promise<void> {
  const vm = `/api2/json/nodes/${node}/qemu/${vmid}`;
  await ended(lab, node, await askLab<string>(lab, 'POST', `${vm}/status/stop`));
  await ended(lab, node, await askLab<string>(lab, 'DELETE', vm));
}

async function ended(lab: LabReady, node: string, upid: string): Promise<void> {
  const path = `/api2/json/nodes/${node}/tasks/${encodeURIComponent(upid)}/status`;
  for (;;) {
    const { status, exitstatus } = await askLab<{ status: string; exitstatus?: string }>(lab, 'GET', path);
    if (status === 'stopped' && exitstatus !== 'OK') throw new Error(`${upid}: ${exitstatus}`);
    if (status === 'stopped') return;
    await sleep(100);
  }
}

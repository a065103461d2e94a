import type { RunRecord } from '#jobs/engine/record.ts';
import { readMarker } from '#proxmox/marker.ts';
import type { Stage } from './stage.ts';

/** I2: each VM with our marker is a run's that made it; each run that made one has one, as it says. Nothing is left of others, not even a disk. */
export function checkVms(stage: Stage, runs: readonly RunRecord[]): string[] {
  const { lab, earlier, isForeign } = stage;
  const { guests, volumes } = lab.state;
  const wrong: string[] = [];
  for (const { vmid, config } of guests) {
    const run = readMarker(config.description ?? '')?.run;
    if (run === undefined || run === earlier || isForeign(vmid)) continue;
    const owner = runs.find(({ id }) => id === run);
    if (!owner || (owner.state !== 'done' && owner.state !== 'kept'))
      wrong.push(`I2: VM ${vmid} is an orphan of ${run}, which is ${owner?.state}.`);
    if (config.lock) wrong.push(`I2: VM ${vmid} is locked (${config.lock}).`);
  }
  const there = new Set(guests.map(({ vmid }) => vmid));
  for (const { volid, vmid, content } of volumes) {
    const stray = vmid === undefined ? content === 'iso' || content === 'import' : !there.has(vmid);
    if (stray) wrong.push(`I2: the volume ${volid} belongs to nobody.`);
  }
  return [...wrong, ...runs.flatMap((run) => checkWork(stage, run))];
}

/** What a run says that it did is what stands in the lab. */
function checkWork({ lab: { state }, isForeign, replaced }: Stage, run: RunRecord): string[] {
  // Its VM was taken away by somebody else: what it says of it is past.
  if (replaced.size > 0) return [];
  const guests = state.guests.filter(({ vmid }) => !isForeign(vmid));
  const made = guests.filter(({ config }) => readMarker(config.description ?? '')?.run === run.id);
  const vms = made.filter(({ config }) => config.template !== '1');
  const templates = made.length - vms.length;
  const vmid = vmidOf(run);
  const vm = guests.find((guest) => guest.vmid === vmid);
  const isDone = run.state === 'done';
  switch (run.job) {
    case 'vm create':
      if (!isDone) return [];
      return [
        ...(vms.length === 1 ? [] : [`I2: ${run.id} made ${vms.length} VMs.`]),
        ...(vms[0]?.vmid === vmid ? [] : [`I2: ${run.id} does not tell its VM.`]),
        ...(templates <= 1 ? [] : [`I2: ${run.id} made ${templates} templates.`]),
      ];
    case 'template build':
      return isDone && templates !== 1 ? [`I2: ${run.id} made ${templates} templates.`] : [];
    case 'vm destroy':
      // One without a number never got as far as to know its VM.
      if (isDone && vm) return [`I2: ${run.id} is done, and its VM is still there.`];
      return ['rejected', 'failed'].includes(run.state) && vmid !== undefined && !vm
        ? [`I2: ${run.id} is ${run.state}, and its VM is gone.`]
        : [];
    case 'vm resize': {
      const { want } = (run.result ?? {}) as { want?: { cpus: number; memoryMiB: number; diskGiB: number } };
      const has = [vm?.config.cores, vm?.config.memory, /size=(\d+)G/.exec(vm?.config.scsi0 ?? '')?.[1]].map(Number);
      const right = want && [want.cpus, want.memoryMiB, want.diskGiB].every((value, at) => value === has[at]);
      return isDone && !right ? [`I2: ${run.id} is done, and its VM has ${has.join(', ')}.`] : [];
    }
    default:
      return [];
  }
}

function vmidOf({ plan, result }: RunRecord): number | undefined {
  return ((result ?? plan) as { vmid?: number } | undefined)?.vmid;
}

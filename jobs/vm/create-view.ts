import { spellCpus, spellMemory } from '#base/amounts.ts';
import type { PlanView } from '#jobs/engine/job.ts';
import { describeBuild, leftOut } from '../template/build-view.ts';
import type { CreatePlan } from './create.ts';
import { checkAddress } from './steps/check-address.ts';
import { cloneTemplate } from './steps/clone.ts';
import { configureVm } from './steps/configure.ts';
import { growDisk } from './steps/grow-disk.ts';
import { bootVm } from './steps/power.ts';
import { findAddress, waitForAgent, waitForSsh } from './steps/ready.ts';

/** The plan of a creation for people. */
export function describeCreate(plan: CreatePlan): PlanView {
  const { name, vmid, node, template, build } = plan;
  const vm = { vmid, node, name };
  const { cpus, memoryMiB, ip, dns } = plan;
  const grows = plan.diskGiB > template.diskGiB;
  return {
    title: ['create ', { b: name }, ` on ${node}`],
    rows: [
      { setting: 'VM', value: `${vmid} on ${node}` },
      { setting: 'Template', value: `${template.name} (${plan.clone} clone)${build ? ', built first' : ''}` },
      {
        setting: 'Size',
        value: `${plan.size}: ${spellCpus(cpus)}, ${spellMemory(memoryMiB)} memory, ${plan.diskGiB} GiB disk`,
      },
      { setting: 'Address', value: ip.kind === 'dhcp' ? 'from DHCP' : `${ip.address}/${ip.prefix}` },
      ...(plan.pool === null ? [] : [{ setting: 'Pool', value: plan.pool }]),
      { setting: 'User', value: { code: template.user } },
    ],
    changes: { create: build ? 2 : 1, change: 0, destroy: 0 },
    warnings: [
      ...(plan.silent ? [leftOut(plan.silent)] : []),
      ...(plan.warnings ?? []),
      ...(template.flaws ?? []).map(({ text, next }) => `${text} On ${template.node}: ${next}`),
    ],
    steps: [
      ...(build ? describeBuild(build).steps : []),
      cloneTemplate.label({ ...plan, build: null }),
      configureVm.label({ ...vm, cpus, memoryMiB, ip, dns, user: template.user }),
      ...(grows ? [growDisk.label({ ...vm, disk: template.disk, diskGiB: plan.diskGiB })] : []),
      ...(ip.kind === 'static' ? [checkAddress.label({ ...vm, address: ip.address })] : []),
      bootVm.label(vm),
      waitForAgent.label(vm),
      findAddress.label({ ...vm, mac: '', expected: null }),
      waitForSsh.label({ ...vm, mac: '', address: '', user: template.user }),
    ],
  };
}

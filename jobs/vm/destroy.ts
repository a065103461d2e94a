import { z } from 'zod';
import { UserError } from '#base/errors.ts';
import type { Job } from '#jobs/engine/job.ts';
import { findOurVm } from './machines.ts';
import { deleteVm } from './steps/delete.ts';
import { haltVm, type Machine } from './steps/power.ts';

const Input = z.object({ vm: z.string() });

/** The VM is named by its SMBIOS UUID too: a number may have been given to another VM since. */
type Plan = Machine & {
  readonly uuid: string;
  readonly running: boolean;
  readonly disks: readonly string[];
  readonly owner: string;
  readonly ha: boolean;
};

/** `/vm destroy`: stops a VM that Botswain made, and removes it with its disks. */
export const destroyVm: Job<z.input<typeof Input>, Plan, Machine> = {
  name: 'vm destroy',
  version: 1,
  input: Input,

  async plan({ cluster }, { vm }) {
    const found = await findOurVm(cluster, vm);
    const { vmid, node, config } = found;
    const name = found.name ?? String(vmid);
    if (config.protected) {
      throw new UserError(`${name} (VM ${vmid}) is protected against removal.`, {
        hint: 'Take its protection away in Proxmox (Options → Protection) and try again.',
      });
    }
    const { status, ha } = found.now;
    return {
      ...{ vmid, node, name },
      uuid: config.smbiosUuid ?? '',
      running: status === 'running',
      disks: config.disks.map(({ key, sizeGiB }) => `${key}, ${sizeGiB} GiB`),
      owner: found.marker.owner,
      ha,
    };
  },

  describe: (plan) => ({
    title: ['destroy ', { b: plan.name }, ` (VM ${plan.vmid}) on ${plan.node}`],
    name: plan.name,
    rows: [
      { setting: 'Made for', value: plan.owner },
      { setting: 'Disks', value: plan.disks.join('; ') || 'none' },
      { setting: 'Now', value: plan.running ? 'running' : 'stopped' },
    ],
    changes: { create: 0, change: 0, destroy: 1 },
    warnings: [
      'Its disks are gone for good.',
      ...(plan.running ? ['It is running now.'] : []),
      ...(plan.ha ? ['It is managed by HA; its HA resource is removed too.'] : []),
    ],
    steps: [...(plan.running ? [haltVm.label(halt(plan))] : []), deleteVm.label(plan)],
  }),

  locks: ({ vmid }) => [`vm:${vmid}`],
  steps: [haltVm, deleteVm],

  async run(run, plan) {
    const { vmid, node, name, uuid } = plan;
    if (plan.running) await run.step(haltVm, halt(plan));
    await run.step(deleteVm, { vmid, node, name, uuid });
    return { vmid, node, name };
  },

  summary: ({ vmid, node, name }) => ({
    tone: 'ok',
    fallback: `${name} (VM ${vmid}) is gone from ${node}.`,
    blocks: [{ kind: 'title', text: [{ b: name }, ` (VM ${vmid}) is gone from ${node}`] }],
  }),
};

const halt = ({ vmid, node, name, uuid }: Plan) => ({ vmid, node, name, uuid, force: true, patienceS: 0 });

import { z } from 'zod';
import { UserError } from '#base/errors.ts';
import type { Job } from '#jobs/engine/job.ts';
import type { Look } from '#jobs/engine/world.ts';
import { findStrays } from '#proxmox/strays.ts';
import { type NamedVolume, readVolumes } from '#proxmox/vm-volumes.ts';
import { findOurVm, unlessMoved } from './machines.ts';
import { deleteVm } from './steps/delete.ts';
import { haltVm, type Machine } from './steps/power.ts';

const Input = z.object({ vm: z.string() });

/** The VM is named by its SMBIOS UUID too: a number may have been given to another VM since. */
type Plan = Machine & {
  readonly uuid: string;
  readonly running: boolean;
  /** What goes, each volume with its place in the configuration; and what stays although it bears its number or stands there. */
  readonly volumes: readonly { readonly where: string; readonly volid: string; readonly size: string }[];
  readonly stays: readonly string[];
  /** Storages that were not heard of. */
  readonly unseen: readonly string[];
  readonly owner: string;
  readonly ha: boolean;
};

/** `/vm destroy`: stops a VM that Botswain made, and removes it with its disks. */
export const destroyVm: Job<z.input<typeof Input>, Plan, Machine> = {
  name: 'vm destroy',
  version: 1,
  input: Input,

  plan: (look, input) => unlessMoved(() => planDestroy(look, input)),

  describe: (plan) => ({
    title: ['destroy ', { b: plan.name }, ` (VM ${plan.vmid}) on ${plan.node}`],
    name: plan.name,
    rows: [
      { setting: 'Made for', value: plan.owner },
      { setting: 'Goes', value: plan.volumes.map(spellVolume).join('; ') || 'no volume' },
      ...(plan.stays.length > 0 ? [{ setting: 'Stays', value: plan.stays.join('; ') }] : []),
      { setting: 'Now', value: plan.running ? 'running' : 'stopped' },
    ],
    changes: { create: 0, change: 0, destroy: 1 },
    warnings: [
      'Its disks are gone for good.',
      ...(plan.unseen.length > 0 ? [`${plan.unseen.join(', ')} did not answer: what is there stays.`] : []),
      ...(plan.running ? ['It is running now.'] : []),
      ...(plan.ha ? ['It is managed by HA; its HA resource is removed too.'] : []),
    ],
    steps: [...(plan.running ? [haltVm.label(halt(plan))] : []), deleteVm.label({ ...plan, volumes: [] })],
  }),

  locks: ({ vmid }) => [`vm:${vmid}`],
  steps: [haltVm, deleteVm],

  async run(run, plan) {
    const { vmid, node, name, uuid, volumes } = plan;
    if (plan.running) await run.step(haltVm, halt(plan));
    // Plans of older versions do not name the volumes.
    const shown = (volumes as Plan['volumes'] | undefined)?.map(({ volid }) => volid);
    await run.step(deleteVm, { vmid, node, name, uuid, ...(shown ? { volumes: shown } : {}) });
    return { vmid, node, name };
  },

  summary: ({ vmid, node, name }) => ({
    tone: 'ok',
    fallback: `${name} (VM ${vmid}) is gone from ${node}.`,
    blocks: [{ kind: 'title', text: [{ b: name }, ` (VM ${vmid}) is gone from ${node}`] }],
  }),
};

async function planDestroy({ cluster }: Look, { vm }: z.input<typeof Input>): Promise<Plan> {
  const found = await findOurVm(cluster, vm);
  const { vmid, node, config } = found;
  const name = found.name ?? String(vmid);
  if (config.protected) {
    throw new UserError(`${name} (VM ${vmid}) is protected against removal.`, {
      hint: 'Take its protection away in Proxmox (Options → Protection) and try again.',
    });
  }
  const { status, ha } = found.now;
  const volumes = await readVolumes(cluster.api, node, vmid, config);
  const { strays, unseen } = await findStrays(cluster, node, vmid, volumes);
  return {
    ...{ vmid, node, name },
    uuid: config.smbiosUuid ?? '',
    running: status === 'running',
    volumes: volumes.goes,
    stays: [...volumes.stays.map(({ where, volid }) => `${volid} (${where})`), ...strays],
    unseen,
    owner: found.marker.owner,
    ha,
  };
}

const spellVolume = ({ where, volid, size }: NamedVolume) => `${where}: ${volid}${size === '' ? '' : `, ${size}`}`;

const halt = ({ vmid, node, name, uuid }: Plan) => ({ vmid, node, name, uuid, force: true, patienceS: 0 });

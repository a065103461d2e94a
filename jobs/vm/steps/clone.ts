import { UserError } from '#base/errors.ts';
import type { Step } from '#jobs/engine/step.ts';
import type { World } from '#jobs/engine/world.ts';
import { ProxmoxError } from '#proxmox/errors.ts';
import { writeMarker } from '#proxmox/marker.ts';
import type { Upid } from '#proxmox/tasks.ts';
import { claimVmid } from '#proxmox/vmids.ts';
import { cloneVm } from '#proxmox/vms.ts';
import { followTask } from '../../task.ts';
import { recognise, type Template } from '../../template/find.ts';
import type { CreatePlan } from '../create.ts';
import { atItsNode } from './at-its-node.ts';
import type { Meant } from './gone.ts';
import { letEnd } from './let-end.ts';
import { isOurs } from './ours.ts';
import { removeOurs } from './remove.ts';

/** What an interrupted clone left behind: the number it uses, and its task once Proxmox has named it. */
type Saved = { readonly vmid: number; readonly upid: Upid | null };

/**
 * Clones the template. Proxmox lets at most one clone per VMID through, and the marker says whose it is. A number that somebody outside took
 * in the meantime is left to them and the next free one is used.
 */
export const cloneTemplate: Step<CreatePlan & { build: null }, { vmid: number }> = {
  name: 'clone template',
  label: ({ template, name, node, clone }) => `Clone ${template.name} to ${name} on ${node} (${clone})`,
  timeout: '1h',
  repeat: 'look first',

  slot({ cluster }, { clone, template }) {
    const { slots, storages } = cluster.settings;
    const limit = clone === 'linked' ? slots.linkedClones : slots.fullClones;
    return { name: `clone:${cluster.name}:${template.node}:${storages.disks}`, limit };
  },

  async run(world, plan) {
    const { api, claims } = world.cluster;
    for (let vmid = vmidOf(world, plan); ; ) {
      try {
        const upid = await atItsNode(
          world,
          plan.template,
          (template) => cloneVm(api, cloneRequest(world, { ...plan, template }, vmid)),
          isTemplate(world, plan.template),
        );
        await world.save({ vmid, upid });
        await followTask(world, upid, () => world.save({ vmid, upid: null }));
        return { vmid };
      } catch (error) {
        if (!(error instanceof ProxmoxError) || error.kind !== 'exists') throw error;
        // Redis may have lost that we began.
        if (await isOurs(world, plan.node, vmid)) return { vmid };
        if (plan.fixedVmid)
          throw new UserError(`VMID ${vmid} was taken by somebody else in the meantime.`, { cause: error });
        await claims.refuse(world.runId, vmid);
        const next = await claimVmid(world.cluster, world.runId);
        world.note(`VMID ${vmid} was taken by somebody else in the meantime; using ${next}.`);
        await world.moveLock(`vm:${vmid}`, `vm:${next}`);
        vmid = next;
        await world.save({ vmid, upid: null });
      }
    }
  },

  async find(world, plan) {
    const vmid = vmidOf(world, plan);
    const upid = (world.saved as Saved | undefined)?.upid;
    if (upid) {
      await followTask(world, upid, () => world.save({ vmid, upid: null }));
      return { vmid };
    }
    return (await isOurs(world, plan.node, vmid)) ? { vmid } : undefined;
  },

  async undo(world, plan) {
    const saved = world.saved as Saved | undefined;
    if (saved?.upid && world.output === undefined) await letEnd(world, saved.upid);
    const removed = await removeOurs(
      world,
      { node: plan.node, vmid: saved?.vmid ?? plan.vmid },
      plan.template.volumesAt,
    );
    // A clone that failed has cleared away what it had copied.
    return removed || Boolean(saved?.upid);
  },
  undone: ({ name }) => `removed ${name} and its disks`,
};

const vmidOf = (world: World, plan: CreatePlan) => (world.saved as Saved | undefined)?.vmid ?? plan.vmid;

/** Whether it is still that template; somebody may have moved it to another node. */
const isTemplate =
  ({ cluster, settings }: World, { name, vmid }: Template): Meant =>
  (config) =>
    config.template && recognise(cluster, settings, vmid, config)?.name === name;

function cloneRequest(world: World, { template, node, name, clone, pool, owner }: CreatePlan, vmid: number) {
  const { storages } = world.cluster.settings;
  const marker = { run: world.runId, owner, vmid, template: template.name };
  return {
    node: template.node,
    source: template.vmid,
    vmid,
    name,
    description: writeMarker(`${name}, made by Botswain for ${owner}`, marker),
    full: clone === 'full',
    ...(clone === 'full' ? { storage: storages.disks } : {}),
    ...(template.node === node ? {} : { target: node }),
    ...(pool === null ? {} : { pool }),
  };
}

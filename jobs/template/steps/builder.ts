import { RemoteError } from '#base/errors.ts';
import { poll } from '#base/poll.ts';
import type { Step } from '#jobs/engine/step.ts';
import type { World } from '#jobs/engine/world.ts';
import { pingAgent } from '#proxmox/agent.ts';
import type { VmConfig } from '#proxmox/config.ts';
import { ProxmoxError } from '#proxmox/errors.ts';
import { nameInMarker, writeMarker } from '#proxmox/marker.ts';
import { requireOurs } from '#proxmox/ownership.ts';
import { convertVm, createVm, readStatus, readVm, setConfig, startVm } from '#proxmox/vms.ts';
import { runTask } from '../../task.ts';
import { atItsNode } from '../../vm/steps/at-its-node.ts';
import { madeBy } from '../../vm/steps/gone.ts';
import { isOurs } from '../../vm/steps/ours.ts';
import { removeOurs } from '../../vm/steps/remove.ts';
import { watchVm } from '../../vm/steps/watch.ts';
import type { BuildPlan } from '../build.ts';
import type { Template } from '../find.ts';

/** A VM with the imported image as its disk and the seed in its CD drive. */
export const createBuilder: Step<BuildPlan & { seed: string }, null> = {
  name: 'create builder',
  label: ({ template }) => `Import it as VM ${template.vmid}`,
  timeout: '1h',
  repeat: 'look first',

  find: async (world, { template: { node, vmid } }) => ((await isOurs(world, node, vmid)) ? null : undefined),

  async run(world, { template, file, seed, owner }) {
    const { storages, bridge, vlan, pool, cpu } = world.cluster.settings;
    const { node, vmid, name, image } = template;
    const about = `Template ${name}, made by Botswain for ${owner}`;
    const request = {
      node,
      vmid,
      name,
      description: writeMarker(about, { run: world.runId, owner, vmid, template: name, image }),
      ostype: 'l26',
      // Proxmox’s default, kvm64, boots no current Enterprise Linux or Alpine. Clones keep it.
      cpu,
      cores: 1,
      memory: 1024,
      scsihw: 'virtio-scsi-single',
      scsi0: `${storages.disks}:0,import-from=${storages.images}:import/${file},discard=on`,
      ide0: `${seed},media=cdrom`,
      boot: 'order=scsi0',
      net0: `virtio,bridge=${bridge}${vlan === undefined ? '' : `,tag=${vlan}`}`,
      agent: 'enabled=1',
      // Cloud images talk to a serial console, and some wait for one.
      serial0: 'socket',
      vga: 'serial0',
      ...(pool === undefined ? {} : { pool }),
    };
    try {
      await runTask(world, () => createVm(world.cluster.api, request));
    } catch (error) {
      // Redis may have lost that we began.
      const there = error instanceof ProxmoxError && error.kind === 'exists';
      if (!there || !(await isOurs(world, node, vmid))) throw error;
    }
    return null;
  },

  async undo(world, { template: { node, vmid, name } }) {
    try {
      return await removeOurs(world, { node, vmid }, ['scsi0', 'ide2 (cloud-init)']);
    } catch (error) {
      if (!(error instanceof ProxmoxError) || error.kind !== 'in use') throw error;
      // It is a whole template by then, and whoever cloned it can't do without.
      return { stays: `Template ${name} (VM ${vmid}) stays: other VMs are clones of it.` };
    }
  },
  undone: ({ template: { name, vmid } }) => `removed VM ${vmid} (${name}) and its disks`,
};

/**
 * Boots it once: its cloud-init installs the agent, cleans up behind itself and powers off. That the agent was heard before the power went is
 * the proof that the installation worked.
 */
export const bootAndInstall: Step<BuildPlan, null> = {
  name: 'boot and install',
  label: () => 'Install the guest agent in it',
  timeout: '30m',
  repeat: 'safe',

  run: (world, { template }) =>
    atItsNode(world, template, (vm) => install(world, vm), madeBy(world.runId, template.vmid)),
};

async function install(world: World, { node, vmid, name }: Template): Promise<null> {
  const { api, name: cluster } = world.cluster;
  // Redis may have lost that it was heard, and made a template.
  if ((await requireOurs(world.cluster, node, vmid, { run: world.runId })).template) return null;
  const isOff = async () => (await readStatus(api, node, vmid))?.status === 'stopped';
  let heard = world.saved !== undefined;
  const listen = async () => {
    if (!heard && (await pingAgent(world.cluster, node, vmid, world.signal)) === 'answers') {
      heard = true;
      world.note('The guest agent answers.');
      await world.save({ heard: true });
    }
    return (await isOff()) ? true : undefined;
  };
  const untilOff = (bootMs?: number) => {
    const watch = watchVm(
      world,
      { node, vmid, name },
      { endsItself: true, ...(bootMs === undefined ? {} : { bootMs }) },
    );
    const look = async () => {
      const off = await listen();
      if (!off) await watch();
      return off;
    };
    return poll(look, { clock: world.clock, signal: world.signal, firstMs: 50, mostMs: 2000 });
  };
  // It cleans up behind itself, so it can do it all over again: its one answer may have been lost, or the worker that heard it.
  for (let boots = 0; boots < 2 && !heard; boots++) {
    if (await isOff()) await boot(world, node, vmid);
    await untilOff(bootMs);
  }
  if (heard) await untilOff();
  if (heard) return null;
  throw new RemoteError(
    `Proxmox ${cluster}`,
    `VM ${vmid} (${name}) powered off without its guest agent ever answering.`,
    {
      outcome: 'permanent',
      hint: 'The agent could not be installed: does this bridge have DHCP and a way to the distribution’s package mirror?',
    },
  );
}

/** A system that boots has read of its disk by then, ms. */
const bootMs = 60_000;

/** Starts it, unless somebody else's start came first. */
async function boot(world: World, node: string, vmid: number): Promise<void> {
  const { api } = world.cluster;
  try {
    await runTask({ ...world, save: async () => {} }, () => startVm(api, node, vmid));
  } catch (error) {
    if ((await readStatus(api, node, vmid))?.status === 'stopped') throw error;
  }
}

/** Takes the seed out, gives it a cloud-init drive, and makes it a template; answers the disk's size. */
export const convertToTemplate: Step<BuildPlan, { diskGiB: number }> = {
  name: 'convert to template',
  label: ({ template }) => `Make VM ${template.vmid} a template`,
  timeout: '15m',
  repeat: 'safe',

  run: (world, { template }) =>
    atItsNode(world, template, (vm) => convert(world, vm), madeBy(world.runId, template.vmid)),
};

async function convert(world: World, { node, vmid, disk }: Template): Promise<{ diskGiB: number }> {
  const { api, settings } = world.cluster;
  const before = await requireOurs(world.cluster, node, vmid, { run: world.runId });
  if (!before.template) {
    const drive = { delete: 'ide0', ide2: `${settings.storages.disks}:cloudinit` };
    const hasDrive = ({ cdroms }: VmConfig) => cdroms.some(({ key }) => key === 'ide2');
    // Tried before, it may have its drive already; Proxmox makes no second one.
    if (!hasDrive(before)) await unless(world, vmid, node, hasDrive, () => setConfig(api, node, vmid, drive));
    // Proxmox appends a new CD drive to the old boot order and drops one that comes in the same call: hence the second call.
    await setConfig(api, node, vmid, { boot: `order=${disk}`, description: nameInMarker(vmid, before) });
    const makeTemplate = async () => void (await runTask(world, () => convertVm(api, node, vmid)));
    await unless(world, vmid, node, ({ template }) => template, makeTemplate);
  }
  return { diskGiB: await diskSize(world, node, vmid, disk) };
}

/** Does it; when that fails because it is done, by a worker that was thought dead, all is well. */
async function unless(
  { cluster }: World,
  vmid: number,
  node: string,
  isDone: (config: VmConfig) => boolean,
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    const now = await readVm(cluster.api, node, vmid);
    if (!now || !isDone(now)) throw error;
  }
}

async function diskSize(world: World, node: string, vmid: number, disk: string): Promise<number> {
  const config = await readVm(world.cluster.api, node, vmid);
  return Math.ceil(config?.disks.find(({ key }) => key === disk)?.sizeGiB ?? 0);
}

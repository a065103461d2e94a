import { createHash } from 'node:crypto';
import { templateSeed } from '#cloud-init/template-user-data.ts';
import type { Step } from '#jobs/engine/step.ts';
import type { World } from '#jobs/engine/world.ts';
import { deleteVolume, downloadUrl, listContent, uploadIso } from '#proxmox/storage.ts';
import { runningTasks, stopTask, type Upid, waitTask } from '#proxmox/tasks.ts';
import { runTask } from '../../task.ts';
import type { BuildPlan } from '../build.ts';

/** The node itself downloads the vendor's image and checks it; with an equal checksum an image that is there already is fine. */
export const downloadImage: Step<BuildPlan, null> = {
  name: 'download image',
  label: ({ template }) => `Download the image to ${template.node}`,
  timeout: '1h',
  repeat: 'safe',

  slot: ({ cluster }, { template }) => ({
    name: `download:${cluster.name}:${template.node}`,
    limit: cluster.settings.slots.downloads,
  }),

  async run(world, { template, url, file, checksum }) {
    const { api, settings } = world.cluster;
    const request = {
      node: template.node,
      storage: settings.storages.images,
      content: 'import' as const,
      url,
      filename: file,
      checksum: checksum.hex,
      algorithm: checksum.algorithm,
    };
    await runTask(world, () => downloadUrl(api, request));
    return null;
  },

  async undo(world, build) {
    const { api } = world.cluster;
    const { node } = build.template;
    // One that still runs would leave its file after we have looked.
    const running = await runningTasks(api, node, { type: 'download' });
    for (const { id, upid } of running) if (id === build.file) await stopTask(api, upid);
    return removeImage(world, build);
  },
  undone: ({ file, template }) => `deleted ${file} from ${template.node}`,
};

/** The cloud-init medium that installs the guest agent: an ISO of ours, because Proxmox takes no snippets through its API. */
export const uploadSeed: Step<BuildPlan, { volid: string }> = {
  name: 'upload seed',
  label: ({ template }) => `Upload the set-up medium to ${template.node}`,
  timeout: '10m',
  repeat: 'safe',

  async run(world, { template }) {
    const bytes = templateSeed({ template: template.name, run: world.runId });
    const filename = seedName(world.runId, bytes);
    const { api, settings } = world.cluster;
    const storage = settings.storages.seeds;
    await runTask(world, () => uploadIso(api, { node: template.node, storage, filename, bytes }));
    return { volid: `${storage}:iso/${filename}` };
  },

  async undo(world, { template }) {
    if (world.saved !== undefined) await stopTask(world.cluster.api, world.saved as Upid);
    const bytes = templateSeed({ template: template.name, run: world.runId });
    return remove(world, template.node, `${world.cluster.settings.storages.seeds}:iso/${seedName(world.runId, bytes)}`);
  },
  undone: ({ template }) => `deleted the set-up medium from ${template.node}`,
};

/** The seed has done its work, and holds nothing a clone needs. */
export const dropSeed: Step<BuildPlan & { seed: string }, null> = {
  name: 'drop seed',
  label: () => 'Delete the set-up medium',
  timeout: '10m',
  repeat: 'safe',
  run: async (world, { template, seed }) => {
    await remove(world, template.node, seed);
    return null;
  },
};

/** The image was imported; the template does not need it. */
export const dropImage: Step<BuildPlan, null> = {
  name: 'drop image',
  label: () => 'Delete the downloaded image',
  timeout: '10m',
  repeat: 'safe',
  run: async (world, build) => {
    await removeImage(world, build);
    return null;
  },
};

async function removeImage(world: World, { template, file }: BuildPlan): Promise<boolean> {
  return remove(world, template.node, `${world.cluster.settings.storages.images}:import/${file}`);
}

/** Deletes a file of ours; answers whether it was there. */
async function remove(world: World, node: string, volid: string): Promise<boolean> {
  const { api } = world.cluster;
  const storage = volid.split(':')[0] ?? '';
  const there = await listContent(api, node, storage);
  if (!there.some((volume) => volume.volid === volid)) return false;
  const upid = await deleteVolume(api, node, storage, volid);
  if (upid) await waitTask(api, upid, { clock: world.clock, signal: world.signal, onLog: (line) => world.log(line) });
  return true;
}

function seedName(runId: string, bytes: Uint8Array): string {
  return `botswain-${runId}-${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}.iso`;
}

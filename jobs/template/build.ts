import { z } from 'zod';
import type { Card } from '#base/card.ts';
import { UserError } from '#base/errors.ts';
import { keyOf } from '#base/own.ts';
import { knownOnes } from '#base/suggest.ts';
import type { Job } from '#jobs/engine/job.ts';
import type { Run } from '#jobs/engine/run.ts';
import type { Look } from '#jobs/engine/world.ts';
import { spellSilence } from '#proxmox/ask-nodes.ts';
import { requirePool } from '#proxmox/pools.ts';
import { type Resources, readResources } from '#proxmox/resources.ts';
import type { Storage } from '#proxmox/storage-rows.ts';
import { claimVmid } from '#proxmox/vmids.ts';
import { hearStorages } from '../vm/room.ts';
import { whyAbsent } from './absence.ts';
import { describeBuild, leftOut } from './build-view.ts';
import { catalogEntry } from './catalog.ts';
import { findTemplates, type Template } from './find.ts';
import { bootAndInstall, convertToTemplate, createBuilder } from './steps/builder.ts';
import { downloadImage, dropImage, dropSeed, uploadSeed } from './steps/files.ts';
import { type Checksum, readSums } from './sums.ts';

/** One template to build on one node. */
export type BuildPlan = {
  readonly template: Template;
  readonly url: string;
  readonly checksum: Checksum;
  /** The image's name on the node: content-addressed, so that equal ones are one. */
  readonly file: string;
  readonly owner: string;
};

const Input = z.object({ name: z.string(), node: z.string().optional() });
type Plan = {
  readonly name: string;
  readonly builds: readonly BuildPlan[];
  /** Nodes that did not answer in time, and get no template. */
  readonly silent?: readonly string[];
};
type Result = { readonly templates: readonly Template[] };

export const buildSteps = [
  downloadImage,
  uploadSeed,
  createBuilder,
  bootAndInstall,
  convertToTemplate,
  dropSeed,
  dropImage,
];

/** `/template build`: a vendor's cloud image becomes a template, with the guest agent really installed in it. */
export const buildTemplate: Job<z.input<typeof Input>, Plan, Result> = {
  name: 'template build',
  version: 1,
  input: Input,
  plan,
  describe: ({ name, builds, silent = [] }) => {
    const views = builds.map(describeBuild);
    return {
      title: ['build template ', { b: name }, ` on ${builds.map(({ template }) => template.node).join(', ')}`],
      rows: views.flatMap(({ rows }) => rows),
      changes: { create: builds.length, change: 0, destroy: 0 },
      warnings: silent.length > 0 ? [leftOut(silent)] : [],
      steps: views.flatMap(({ steps }) => steps),
    };
  },
  locks: ({ name }) => [`template:${name}`],
  steps: buildSteps,
  run: async (run, { builds }) => {
    const templates: Template[] = [];
    for (const build of builds) templates.push(await buildOn(run, build));
    return { templates };
  },
  summary,
};

async function plan(look: Look, { name: asked, node }: z.input<typeof Input>): Promise<Plan> {
  const name = keyOf(look.settings.templates, asked) ?? asked;
  const { cluster } = look;
  const resources = await readResources(cluster.api);
  const { templates: there, silent } = await findTemplates(look, name, resources);
  const online = resources.nodes.filter((one) => one.online).map((one) => one.node);
  const ours = online.filter((one) => cluster.settings.nodes?.includes(one) ?? true);
  if (node !== undefined && !ours.includes(node)) {
    const why = online.includes(node) ? `Templates are not built on "${node}".` : `There is no node "${node}" online.`;
    throw new UserError(`${why} ${knownOnes(node, ours)}`, { hint: '/node list' });
  }
  const lacking = ours.filter((one) => !there.some((template) => template.node === one || template.shared));
  const wanted = node === undefined ? lacking : lacking.filter((one) => one === node);
  if (wanted.length === 0) {
    const where = there.map((one) => `${one.vmid} on ${one.node}`).join(', ');
    throw new UserError(`Template ${name} is there already: ${where}.`, { hint: '/template list' });
  }
  const heard = await hearStorages(
    cluster,
    wanted.filter((one) => !silent.includes(one)),
  );
  const away = [...new Set([...silent, ...heard.silent])].sort();
  if (heard.answers.size === 0) {
    throw new UserError(`Template ${name} can't be built: ${spellSilence(cluster, away)}.`, { hint: '/node list' });
  }
  const builds: BuildPlan[] = [];
  for (const [one, storages] of heard.answers) {
    builds.push(await planBuild(look, name, one, { storages, resources }));
    // A template on shared storage serves every node.
    if (builds[0]?.template.shared) break;
  }
  return { name, builds, ...(away.length > 0 ? { silent: away } : {}) };
}

/** Decides how template `name` is built on a node, of which this was read; claims its VMID in the run's name. */
export async function planBuild(
  look: Look,
  name: string,
  node: string,
  { storages, resources }: { readonly storages: readonly Storage[]; readonly resources: Resources },
): Promise<BuildPlan> {
  const { cluster, settings, runId, dry } = look;
  const entry = catalogEntry(settings, name);
  if ('vmid' in entry) {
    const absence = await whyAbsent(cluster, settings, name, resources);
    const why = absence?.text ?? `Template ${name} is VM ${entry.vmid} by the catalog, and was made by hand.`;
    const next = absence === undefined ? '' : `${absence.next} `;
    throw new UserError(why, { hint: `${next}The catalog needs a url and sums to build it from.` });
  }
  const { pool } = cluster.settings;
  if (pool !== undefined) await requirePool(cluster, pool);
  const image = decodeURIComponent(new URL(entry.url).pathname.split('/').at(-1) ?? '');
  const sums = await look.fetchText(entry.sums, look.signal);
  const checksum = readSums(sums, image, entry.sums);
  const disks = storages.find(({ storage }) => storage === cluster.settings.storages.disks);
  const vmid = await claimVmid(cluster, `${runId}:template:${node}`, { dry, holders: resources.holders });
  const shared = disks?.shared ?? false;
  return {
    template: { name, vmid, node, user: entry.user, disk: 'scsi0', diskGiB: 0, shared, image: checksum.hex },
    url: entry.url,
    checksum,
    file: `${name}-${checksum.hex.slice(0, 12)}.qcow2`,
    owner: look.by.key,
  };
}

/** Builds one template; part of `/template build`, and of a `/vm create` that lacks its template. */
export async function buildOn(run: Run, build: BuildPlan): Promise<Template> {
  const { node } = build.template;
  await run.step(downloadImage, build, node);
  const { volid: seed } = await run.step(uploadSeed, build, node);
  await run.step(createBuilder, { ...build, seed }, node);
  await run.step(bootAndInstall, build, node);
  const { diskGiB } = await run.step(convertToTemplate, build, node);
  await run.step(dropSeed, { ...build, seed }, node);
  await run.step(dropImage, build, node);
  return { ...build.template, diskGiB };
}

function summary({ templates }: Result, { name }: Plan): Card {
  return {
    tone: 'ok',
    fallback: `Template ${name} is ready.`,
    blocks: [
      { kind: 'title', text: ['Template ', { b: name }, ' is ready'] },
      {
        kind: 'fields',
        fields: templates.map((one) => ({
          name: one.node,
          value: `VM ${one.vmid}, ${one.diskGiB} GiB${one.shared ? ', for every node' : ''}`,
        })),
      },
      {
        kind: 'offers',
        offers: [{ label: 'Create a VM from it', command: `/vm create --role worker --template ${name}` }],
      },
    ],
  };
}

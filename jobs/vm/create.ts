import type { z } from 'zod';
import { spellCpus, spellMemory } from '#base/amounts.ts';
import type { Card } from '#base/card.ts';
import { UserError } from '#base/errors.ts';
import { keyOf } from '#base/own.ts';
import type { IpConfig } from '#cloud-init/network.ts';
import type { Job } from '#jobs/engine/job.ts';
import type { Run } from '#jobs/engine/run.ts';
import type { Look } from '#jobs/engine/world.ts';
import { spellSilence } from '#proxmox/ask-nodes.ts';
import { requirePool } from '#proxmox/pools.ts';
import { type Resources, readResources, withNewVms } from '#proxmox/resources.ts';
import { claimVmid } from '#proxmox/vmids.ts';
import { whyAbsent } from '../template/absence.ts';
import { type BuildPlan, buildOn, buildSteps, planBuild } from '../template/build.ts';
import { leftOut } from '../template/build-view.ts';
import { catalogEntry } from '../template/catalog.ts';
import type { Template } from '../template/find.ts';
import { claimAddress, probeAddress } from './addresses/claim-address.ts';
import { claimPlace } from './claim-place.ts';
import { describeCreate } from './create-view.ts';
import { findPlace } from './find-place.ts';
import { CreateInput, readName, readNetwork, readSize } from './spec.ts';
import { uuidOf } from './steps/at-its-node.ts';
import { checkAddress } from './steps/check-address.ts';
import { cloneTemplate } from './steps/clone.ts';
import { configureVm } from './steps/configure.ts';
import { growDisk } from './steps/grow-disk.ts';
import { bootVm } from './steps/power.ts';
import { findAddress, waitForAgent, waitForSsh } from './steps/ready.ts';

/** Everything that was decided about a new VM. */
export type CreatePlan = {
  readonly name: string;
  readonly vmid: number;
  /** The number was asked for: no other will do. */
  readonly fixedVmid: boolean;
  readonly node: string;
  readonly size: string;
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly diskGiB: number;
  readonly template: Template;
  /** The template must be built first. */
  readonly build: BuildPlan | null;
  readonly clone: 'linked' | 'full';
  readonly ip: IpConfig;
  readonly dns: readonly string[];
  /** The Proxmox resource pool it is put into. */
  readonly pool: string | null;
  readonly owner: string;
  /** Nodes that did not answer in time, and were left out. */
  readonly silent?: readonly string[];
  /** What could not be looked at of its static address. Plans of older versions have none. */
  readonly warnings?: readonly string[];
};

export type Created = {
  readonly name: string;
  readonly vmid: number;
  readonly node: string;
  readonly address: string;
  readonly user: string;
  readonly hostKey: string;
  /** What vouches for it. Results of older versions have none, nor notes. */
  readonly hostKeyFrom?: string;
  readonly notes?: readonly string[];
  /** The line that gets a person in. */
  readonly ssh: string;
};

/** `/vm create`: a clone of a template, set up by cloud-init, ready when its agent, its address and its SSH answer. */
export const createVm: Job<z.input<typeof CreateInput>, CreatePlan, Created> = {
  name: 'vm create',
  version: 1,
  input: CreateInput,
  plan,
  describe: describeCreate,
  locks: (plan) => [`vm:${plan.vmid}`, ...(plan.build ? [`template:${plan.template.name}`] : [])],
  steps: [
    ...buildSteps,
    cloneTemplate,
    configureVm,
    growDisk,
    checkAddress,
    bootVm,
    waitForAgent,
    findAddress,
    waitForSsh,
  ],
  run,
  summary,
};

async function plan(look: Look, given: z.input<typeof CreateInput>): Promise<CreatePlan> {
  const { cluster, settings, runId, dry } = look;
  const input = CreateInput.parse(given);
  const wanted = readName(settings, input);
  const size = readSize(settings, input);
  const network = readNetwork(settings, input);
  const clone = input.clone ?? settings.create.clone;
  const asked = input.template ?? settings.create.template;
  const templateName = keyOf(settings.templates, asked) ?? asked;

  const { api, claims } = cluster;
  const { ip } = network;
  const pool = input.pool ?? cluster.settings.pool;
  const [listed, inFlight, probed] = await Promise.all([
    readResources(api),
    claims.inFlight(),
    ip.kind === 'static' ? probeAddress(settings, ip.address, look.signal) : undefined,
    pool === undefined ? undefined : requirePool(cluster, pool),
  ]);
  // The names of those that are being made are claimed.
  const known = new Set(inFlight.flatMap(({ vmid }) => vmid ?? []));
  const resources = await withNewVms(cluster, listed, known);
  const diskGiB = clone === 'full' ? size.diskGiB : 0;
  const wish = { cpus: size.cpus, memoryMiB: size.memoryMiB, diskGiB, node: input.node };
  const there = await findPlace(look, templateName, resources, wish);
  if (there.node === undefined && !input.buildTemplate)
    throw await missingTemplate(look, templateName, input.node, resources, there.silent);
  const place = there.node === undefined ? await claimPlace(look, resources, wish, (node) => [node]) : there;
  if (place.node === undefined) throw new Error('Any node will do for a template that is built, and none was chosen.');
  const { node } = place;
  const silent = [...new Set([...resources.silent, ...there.silent, ...place.silent])].sort();

  const { holders } = resources;
  const vmid = await claimVmid(cluster, runId, { wish: input.vmid, dry, holders });
  const names = new Set(resources.vms.flatMap((vm) => vm.name ?? []));
  const name =
    'prefix' in wanted
      ? await claims.numberedName(runId, wanted.prefix, names, { dry })
      : await claims.name(runId, wanted.name, names, { dry });
  const { vms } = resources;
  const warnings = ip.kind === 'static' && probed ? await claimAddress(look, ip.address, probed, vms) : [];
  const seen = { resources, storages: place.storages };
  const build = there.node === undefined ? await planBuild(look, templateName, node, seen) : null;
  const template = there.node === undefined ? build?.template : there.template;
  if (!template) throw new Error(`${node} was chosen for ${name}, and no template can be cloned there.`);
  const fatal = template.flaws?.find((flaw) => flaw.fatal);
  if (fatal) throw new UserError(fatal.text, { hint: `On ${template.node}: ${fatal.next}` });
  if (size.diskGiB < template.diskGiB) {
    throw new UserError(
      `A disk of ${size.diskGiB} GiB is smaller than the template's: ${template.name} has ${template.diskGiB} GiB.`,
      {
        hint: `--disk ${template.diskGiB}G`,
      },
    );
  }
  return {
    ...{ name, vmid, fixedVmid: input.vmid !== undefined, node },
    ...size,
    ...{ template, build, clone, ip: network.ip, dns: network.dns, owner: look.by.key },
    ...(silent.length > 0 ? { silent } : {}),
    pool: pool ?? null,
    warnings,
  };
}

async function run(run: Run, plan: CreatePlan): Promise<Created> {
  const template = plan.build ? await buildOn(run, plan.build) : plan.template;
  const { vmid } = await run.step(cloneTemplate, { ...plan, build: null, template });
  const vm = { vmid, node: plan.node, name: plan.name };
  const { mac, uuid } = await run.step(configureVm, { ...vm, ...hardware(plan), user: template.user });
  const machine = { ...vm, ...uuidOf({ uuid }) };
  if (plan.diskGiB > template.diskGiB)
    await run.step(growDisk, { ...machine, disk: template.disk, diskGiB: plan.diskGiB });
  if (plan.ip.kind === 'static') await run.step(checkAddress, { ...machine, address: plan.ip.address });
  await run.step(bootVm, machine);
  await run.step(waitForAgent, machine);
  const expected = plan.ip.kind === 'static' ? plan.ip.address : null;
  const { address, node = vm.node } = await run.step(findAddress, { ...machine, mac, expected });
  const answered = await run.step(waitForSsh, { ...machine, node, mac, address, user: template.user });
  return { ...vm, node, address, user: template.user, ...answered };
}

const hardware = ({ cpus, memoryMiB, ip, dns }: CreatePlan) => ({ cpus, memoryMiB, ip, dns });

function summary(made: Created, plan: CreatePlan): Card {
  return {
    tone: 'ok',
    fallback: `${made.name} is ready: ${made.ssh}`,
    blocks: [
      { kind: 'title', text: [{ b: made.name }, ' is ready'] },
      { kind: 'code', text: made.ssh },
      {
        kind: 'fields',
        fields: [
          { name: 'VM', value: `${made.vmid} on ${made.node}` },
          { name: 'Address', value: { code: made.address } },
          {
            name: 'Size',
            value: `${plan.size}: ${spellCpus(plan.cpus)}, ${spellMemory(plan.memoryMiB)} memory, ${plan.diskGiB} GiB disk`,
          },
          { name: 'Host key', value: [{ code: made.hostKey }, vouched(made)] },
        ],
      },
      ...(made.notes ?? []).map((note) => ({ kind: 'text' as const, text: note })),
      ...(plan.silent ? [{ kind: 'text' as const, text: leftOut(plan.silent) }] : []),
      {
        kind: 'offers',
        offers: [
          { label: 'Stop', command: `/vm stop ${made.vmid}` },
          { label: 'Destroy', command: `/vm destroy ${made.vmid}`, tone: 'danger' },
        ],
      },
    ],
  };
}

const vouched = ({ hostKeyFrom }: Created) => (hostKeyFrom === undefined ? '' : ` (${hostKeyFrom})`);

async function missingTemplate(
  look: Look,
  name: string,
  node: string | undefined,
  resources: Resources,
  silent: readonly string[],
): Promise<UserError> {
  const { nodes } = resources;
  const onNode = node === undefined ? '' : ` --node ${node}`;
  const where = node ? `on ${node}` : `in ${look.cluster.name}`;
  const offline = nodes.flatMap((one) => (one.online ? [] : one.node));
  const away = [
    ...(offline.length > 0 ? [`${offline.join(' and ')} ${offline.length === 1 ? 'is' : 'are'} offline`] : []),
    ...(silent.length > 0 ? [spellSilence(look.cluster, silent)] : []),
  ];
  const why = away.length === 0 ? 'yet' : `that can be used now: ${away.join(', and ')}`;
  const sentence = `There is no template ${name} ${where} ${why}.`;
  const entry = catalogEntry(look.settings, name);
  const absence = await whyAbsent(look.cluster, look.settings, name, resources, silent);
  // One that can be built need not wait for a node that is offline.
  if (absence && ('vmid' in entry || offline.length === 0)) return new UserError(absence.text, { hint: absence.next });
  if ('vmid' in entry) return new UserError(sentence, { hint: `By the catalog it is VM ${entry.vmid}, made by hand.` });
  return new UserError(sentence, {
    offers: [
      { label: 'Build it, then create', command: `${look.text} --build-template`, tone: 'primary' },
      { label: 'Only build it', command: `/template build ${name}${onNode}` },
    ],
  });
}

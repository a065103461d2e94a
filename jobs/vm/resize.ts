import { z } from 'zod';
import { spellCpus, spellMemory } from '#base/amounts.ts';
import { UserError } from '#base/errors.ts';
import type { Job } from '#jobs/engine/job.ts';
import { readRunningConfig } from '#proxmox/running-config.ts';
import { requireFit } from './fit.ts';
import { findOurVm } from './machines.ts';
import { readSize } from './spec.ts';
import { uuidOf } from './steps/at-its-node.ts';
import { growDisk } from './steps/grow-disk.ts';
import { bootVm, haltVm, type Machine } from './steps/power.ts';
import { type Hardware, sameHardware, setHardware } from './steps/set-hardware.ts';

const Input = z.object({
  vm: z.string(),
  size: z.string().optional(),
  cpus: z.int().optional(),
  memoryMiB: z.int().optional(),
  diskGiB: z.int().optional(),
  restart: z.boolean().default(false),
});

type Shape = { readonly cpus: number; readonly memoryMiB: number; readonly diskGiB: number };
type Plan = Machine & {
  readonly disk: string;
  readonly was: Shape;
  readonly want: Shape;
  /** What it gets back when this fails: what it runs with when it is restarted, as it must start with it. */
  readonly before: Hardware;
  readonly after: Hardware;
  /** CPUs and memory count only after a restart. */
  readonly pending: boolean;
  readonly restart: boolean;
};

/** `/vm resize`: other CPUs and memory, a bigger disk. */
export const resizeVm: Job<z.input<typeof Input>, Plan, Plan> = {
  name: 'vm resize',
  version: 2,
  input: Input,

  async plan(look, given) {
    const { cluster, settings } = look;
    const input = Input.parse(given);
    const found = await findOurVm(cluster, input.vm);
    const { vmid, node, status, config, name = String(vmid) } = found;
    const disk = config.disks.find(({ key }) => key === config.bootDisk) ?? config.disks[0];
    if (!disk) throw new UserError(`${name} (VM ${vmid}) has no disk.`, { hint: '/vm show' });
    const was = { cpus: config.cores * config.sockets, memoryMiB: config.memoryMiB, diskGiB: disk.sizeGiB };
    const size = input.size === undefined ? was : readSize(settings, { size: input.size });
    const cpus = input.cpus ?? size.cpus;
    const memoryMiB = input.memoryMiB ?? size.memoryMiB;
    // A smaller size leaves the disk as it is: disks only grow.
    const diskGiB = input.diskGiB ?? Math.max(size.diskGiB, was.diskGiB);
    if (diskGiB < was.diskGiB) {
      throw new UserError(`${name}'s disk has ${was.diskGiB} GiB and can't shrink to ${diskGiB} GiB.`, {
        hint: `/vm resize ${name} --cpus ${cpus} --memory ${memoryMiB}M`,
      });
    }
    const running = status === 'running';
    const now = (running && (await readRunningConfig(cluster.api, node, vmid))) || config;
    const waits = !sameHardware(now, config);
    const hardware = cpus !== was.cpus || memoryMiB !== was.memoryMiB;
    if (!hardware && diskGiB === was.diskGiB && !(waits && input.restart)) {
      const has = `${name} has ${spellCpus(cpus)}, ${spellMemory(memoryMiB)} memory and ${diskGiB} GiB disk already`;
      throw waits
        ? new UserError(`${has}; CPUs and memory count after its next stop and start.`, {
            hint: `${resizeTo({ name, want: { cpus, memoryMiB, diskGiB } })} --restart`,
          })
        : new UserError(`${has}.`, { hint: '/vm resize k8s-dev large' });
    }
    const restart = input.restart && running;
    if (hardware || restart) {
      const addedMiB = running ? memoryMiB - now.memoryMiB : 0;
      await requireFit(
        look,
        found.resources,
        { node, name },
        { cpus: cpus > now.cores * now.sockets ? cpus : 0, addedMiB },
      );
    }
    const sockets = cpus === was.cpus ? config.sockets : 1;
    return {
      ...{ vmid, node, name, uuid: config.smbiosUuid ?? '', disk: disk.key, was, want: { cpus, memoryMiB, diskGiB } },
      before: hardwareOf(restart ? now : config),
      after: { cores: cpus / sockets, sockets, memoryMiB },
      pending: running && (hardware || waits),
      restart,
    };
  },

  describe: (plan) => {
    const { vmid, node, name, was, want, pending, restart } = plan;
    return {
      title: ['resize ', { b: name }, ` (VM ${vmid}) on ${node}`],
      rows: [
        { setting: 'CPUs', value: String(want.cpus), was: String(was.cpus) },
        { setting: 'Memory', value: spellMemory(want.memoryMiB), was: spellMemory(was.memoryMiB) },
        { setting: 'Disk', value: `${want.diskGiB} GiB`, was: `${was.diskGiB} GiB` },
      ],
      changes: { create: 0, change: 1, destroy: 0 },
      warnings: [
        ...(restart ? [`${name} is restarted.`] : []),
        ...(pending && !restart ? ['CPUs and memory count after the next stop and start; --restart does it now.'] : []),
      ],
      steps: [
        ...(setsHardware(plan) ? [setHardware.label(hardwareChange(plan))] : []),
        ...(growsDisk(plan) ? [growDisk.label(growth(plan))] : []),
        ...(restart ? [haltVm.label(halt(plan)), bootVm.label(plan)] : []),
      ],
    };
  },

  locks: ({ vmid }) => [`vm:${vmid}`],
  steps: [setHardware, growDisk, haltVm, bootVm],

  async run(run, plan) {
    const { vmid, node, name, restart } = plan;
    if (setsHardware(plan)) await run.step(setHardware, hardwareChange(plan));
    if (growsDisk(plan)) await run.step(growDisk, growth(plan));
    if (restart) {
      await run.step(haltVm, halt(plan));
      await run.step(bootVm, { vmid, node, name, ...uuidOf(plan) });
    }
    return plan;
  },

  summary: ({ name, vmid, was, want, pending, restart }) => {
    const waits = pending && !restart;
    const again = restart ? ' --restart' : '';
    const text = `${name} has ${spellCpus(want.cpus)}, ${spellMemory(want.memoryMiB)} memory and ${want.diskGiB} GiB disk now`;
    return {
      tone: 'ok',
      fallback: text,
      blocks: [
        { kind: 'title', text },
        ...(waits ? [{ kind: 'text' as const, text: 'CPUs and memory count after its next stop and start.' }] : []),
        {
          kind: 'offers',
          offers: [
            ...(waits ? [{ label: 'Stop it', command: `/vm stop ${vmid}` }] : []),
            // The disk stays as it is: disks only grow.
            ...(was.cpus !== want.cpus || was.memoryMiB !== want.memoryMiB
              ? [{ label: 'Undo', command: `/vm resize ${vmid} --cpus ${was.cpus} --memory ${was.memoryMiB}M${again}` }]
              : []),
          ],
        },
      ],
    };
  },
};

/** How long the guest may take to shut down by itself, seconds. */
const patienceS = 180;

// What is restarted must come up again: only a change that was written down is taken back.
const setsHardware = ({ was, want, restart }: Plan) =>
  restart || was.cpus !== want.cpus || was.memoryMiB !== want.memoryMiB;
const growsDisk = ({ was, want }: Plan) => want.diskGiB > was.diskGiB;

const hardwareOf = ({ cores, sockets, memoryMiB }: Hardware) => ({ cores, sockets, memoryMiB });
const hardwareChange = ({ vmid, node, name, uuid, before, after, restart }: Plan) =>
  ({ vmid, node, name, ...uuidOf({ uuid }), before, after, restart }) as const;
const growth = ({ vmid, node, uuid, disk, want }: Plan) =>
  ({ vmid, node, ...uuidOf({ uuid }), disk, diskGiB: want.diskGiB }) as const;

/** A guest that does not shut down must be stopped before; the failed run gave it back what it had. */
const halt = ({ vmid, node, name, uuid, want }: Plan) => {
  const hint = `/vm stop ${name} --force, then ${resizeTo({ name, want })}, then /vm start ${name}`;
  const which = uuid === undefined ? {} : { uuid, stays: true };
  return { vmid, node, name, ...which, force: false, patienceS, hint };
};

const resizeTo = ({ name, want }: Pick<Plan, 'name' | 'want'>) =>
  `/vm resize ${name} --cpus ${want.cpus} --memory ${want.memoryMiB}M`;

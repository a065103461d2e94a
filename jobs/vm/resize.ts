import { z } from 'zod';
import { UserError } from '#base/errors.ts';
import { spellMemory } from '#base/memory.ts';
import type { Job } from '#jobs/engine/job.ts';
import { findOurVm } from './machines.ts';
import { readSize } from './spec.ts';
import { spellCpus } from './spell.ts';
import { growDisk } from './steps/grow-disk.ts';
import { bootVm, haltVm, type Machine } from './steps/power.ts';
import { setHardware } from './steps/set-hardware.ts';

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
  /** CPUs and memory count only after a restart. */
  readonly pending: boolean;
  readonly restart: boolean;
};

/** `/vm resize`: other CPUs and memory, a bigger disk. */
export const resizeVm: Job<z.input<typeof Input>, Plan, Plan> = {
  name: 'vm resize',
  version: 1,
  input: Input,

  async plan({ cluster, settings }, given) {
    const input = Input.parse(given);
    const { vmid, node, status, config, name = String(vmid) } = await findOurVm(cluster, input.vm);
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
    const hardware = cpus !== was.cpus || memoryMiB !== was.memoryMiB;
    if (!hardware && diskGiB === was.diskGiB) {
      throw new UserError(
        `${name} has ${spellCpus(cpus)}, ${spellMemory(memoryMiB)} memory and ${diskGiB} GiB disk already.`,
        {
          hint: '/vm resize k8s-dev large',
        },
      );
    }
    const running = status === 'running';
    const want = { cpus, memoryMiB, diskGiB };
    return {
      vmid,
      node,
      name,
      disk: disk.key,
      was,
      want,
      pending: hardware && running,
      restart: input.restart && running,
    };
  },

  describe: ({ vmid, node, name, was, want, pending, restart, disk }) => ({
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
      ...(changesHardware(was, want) ? [setHardware.label({ vmid, node, name, ...want })] : []),
      ...(want.diskGiB > was.diskGiB ? [growDisk.label({ vmid, node, disk, diskGiB: want.diskGiB })] : []),
      ...(restart
        ? [haltVm.label({ vmid, node, name, force: false, patienceS }), bootVm.label({ vmid, node, name })]
        : []),
    ],
  }),

  locks: ({ vmid }) => [`vm:${vmid}`],
  steps: [setHardware, growDisk, haltVm, bootVm],

  async run(run, plan) {
    const { vmid, node, name, was, want, disk } = plan;
    const vm = { vmid, node, name };
    if (changesHardware(was, want)) await run.step(setHardware, { ...vm, cpus: want.cpus, memoryMiB: want.memoryMiB });
    if (want.diskGiB > was.diskGiB) await run.step(growDisk, { vmid, node, disk, diskGiB: want.diskGiB });
    if (plan.restart) {
      await run.step(haltVm, { ...vm, force: false, patienceS });
      await run.step(bootVm, vm);
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
            ...(changesHardware(was, want)
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

const changesHardware = (was: Shape, want: Shape) => was.cpus !== want.cpus || was.memoryMiB !== want.memoryMiB;

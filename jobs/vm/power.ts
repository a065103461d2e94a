import { z } from 'zod';
import { plain } from '#base/card.ts';
import { UserError } from '#base/errors.ts';
import type { Json } from '#base/json.ts';
import type { Job } from '#jobs/engine/job.ts';
import type { Look } from '#jobs/engine/world.ts';
import { standstill } from '#proxmox/standstill.ts';
import { readStatus } from '#proxmox/vms.ts';
import { type Found, findVm } from './machines.ts';
import { uuidOf } from './steps/at-its-node.ts';
import { bootVm, haltVm, type Machine } from './steps/power.ts';
import { restartVm } from './steps/restart.ts';

const Input = z.object({ vm: z.string(), force: z.boolean().default(false) });
type Input = z.input<typeof Input>;
type Plan = Machine & { readonly force: boolean };
type Result = { readonly vmid: number; readonly name: string; readonly now: string };

/** How long a guest may take to shut down by itself, seconds. */
const patienceS = 180;

export const startVm = powerJob('start', 'running', {
  allowed: (status) => status !== 'running',
  refusal: (name) => `${name} runs already.`,
  steps: [bootVm],
  label: (plan) => bootVm.label(plan),
  run: (run, { vmid, node, name, uuid }) => run.step(bootVm, { vmid, node, name, ...uuidOf({ uuid }) }),
});

export const stopVm = powerJob('stop', 'stopped', {
  allowed: (status) => status !== 'stopped',
  refusal: (name) => `${name} is stopped already.`,
  steps: [haltVm],
  label: (plan) => haltVm.label({ ...plan, patienceS }),
  run: (run, plan) => run.step(haltVm, { ...plan, ...(plan.uuid === undefined ? {} : { stays: true }), patienceS }),
});

export const rebootVm = powerJob('reboot', 'running', {
  allowed: (status) => status !== 'stopped',
  refusal: (name) => `${name} is stopped, so there is nothing to reboot.`,
  steps: [restartVm],
  label: (plan) => restartVm.label(plan),
  run: (run, plan) => run.step(restartVm, plan),
});

type PowerJob = Job<Input, Plan, Result>;

function powerJob(
  verb: 'start' | 'stop' | 'reboot',
  now: string,
  how: {
    allowed(status: string): boolean;
    refusal(name: string): string;
    steps: PowerJob['steps'];
    label(plan: Plan): string;
    run(run: Parameters<PowerJob['run']>[0], plan: Plan): Promise<unknown>;
  },
): PowerJob {
  return {
    name: `vm ${verb}`,
    // What a half-done reboot has saved is another thing since.
    version: verb === 'reboot' ? 2 : 1,
    input: Input,
    plan: async (look, input) => {
      const { vm, force } = Input.parse(input);
      const found = await findVm(look.cluster, vm);
      const name = found.name ?? String(found.vmid);
      if (!how.allowed(found.status)) {
        const other = verb === 'start' ? 'reboot' : 'start';
        const label = verb === 'start' ? 'Reboot it' : 'Start it';
        throw new UserError(how.refusal(name), {
          offers: [{ label, command: `/vm ${other} ${found.vmid}` }],
        });
      }
      if (verb !== 'start' && !force) await requireAwake(look, found, `/vm ${verb} ${found.vmid} --force`);
      return { vmid: found.vmid, node: found.node, name, uuid: found.config.smbiosUuid ?? '', force };
    },
    describe: (plan) => ({
      title: [`${verb} `, { b: plan.name }, ` (VM ${plan.vmid}) on ${plan.node}`],
      rows: [],
      changes: { create: 0, change: 1, destroy: 0 },
      warnings: plan.force ? ['The guest gets no time to save anything.'] : [],
      steps: [how.label(plan)],
    }),
    locks: ({ vmid }) => [`vm:${vmid}`],
    // What a guest does not do in time is what pulling the plug is for.
    ends: ({ force }, other) =>
      force && isPlan(other.plan) && !other.plan.force && (other.job === 'vm stop' || other.job === 'vm reboot'),
    steps: how.steps,
    run: async (run, plan) => {
      await how.run(run, plan);
      return { vmid: plan.vmid, name: plan.name, now };
    },
    summary: ({ vmid, name }) => {
      const title = [{ b: name }, ` (VM ${vmid}) is ${now}`];
      const next =
        verb === 'stop'
          ? { label: 'Start', command: `/vm start ${vmid}` }
          : { label: 'Stop', command: `/vm stop ${vmid}` };
      return {
        tone: 'ok',
        fallback: plain(title),
        blocks: [
          { kind: 'title', text: title },
          { kind: 'offers', offers: [next] },
        ],
      };
    },
  };
}

const isPlan = (plan: Json | undefined): plan is Plan => typeof plan === 'object' && plan !== null && 'force' in plan;

/** A guest that stands still can't shut down: that is said now, and not after its time limit. */
async function requireAwake({ cluster }: Look, { node, vmid, name }: Found, force: string): Promise<void> {
  const status = await readStatus(cluster.api, node, vmid);
  const still = status && standstill(status);
  if (!still) return;
  throw new UserError(`${name ?? 'It'} (VM ${vmid}) ${still.why}, so it can't shut itself down.`, {
    hint: still.hint,
    offers: [{ label: 'Pull its plug', command: force, tone: 'danger' }],
  });
}

import type { Fault as LabFault } from '#lab/faults.ts';
import { type Fault, refusedEnds } from './faults.ts';
import type { Play } from './play.ts';

/** So many reads may hang; what is left tells how many did. */
const most = 1e6;
/** Longer than a plan waits for a node; what has to be done on that very node goes on afterwards. */
const hangMs = 4_000;

const hanging = new WeakMap<Play, LabFault>();

/** One node of which nothing that has to do with its storages is answered, while the cluster says that it is online. */
export const nodeFaults: readonly Fault[] = ['pve1', 'pve2'].map((node) => ({
  name: `the storages of ${node} hang`,
  fits: (site) => /^before proxmox GET \/(cluster\/resources|nodes\/\{\}\/storage)$/.test(site),
  // What can only be made on that node, or of a template of it, is refused.
  ends: [...refusedEnds, 'done'],
  strike({ play, puppet, later }) {
    const { faults } = play.stage.lab;
    const fault: LabFault = { method: 'GET', path: new RegExp(`^/nodes/${node}/storage`), mode: 'hold', times: most };
    hanging.set(play, fault);
    faults.unshift(fault);
    later(hangMs, () => {
      faults.splice(faults.indexOf(fault), 1);
      puppet.proxmox.reset();
    });
  },
  check(play, { job, state, plan, result }) {
    const hung = (hanging.get(play)?.times ?? most) < most;
    if (!hung || job !== 'vm create' || state !== 'done') return [];
    const { silent = [] } = plan as { silent?: readonly string[] };
    const { node: made } = result as { node: string };
    return [
      ...(made === node ? [`${node} hung, and the VM was made there.`] : []),
      ...(silent.includes(node) ? [] : [`${node} hung, and the plan does not say so.`]),
    ];
  },
}));

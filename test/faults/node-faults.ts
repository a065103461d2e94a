import type { RunRecord } from '#jobs/engine/record.ts';
import type { Fault as LabFault } from '#lab/faults.ts';
import { type Fault, refusedEnds } from './faults.ts';
import type { Play } from './play.ts';

/** So many reads may hang; what is left tells how many did. */
const most = 1e6;
/** Longer than a plan waits for a node; what has to be done on that very node goes on afterwards. */
const hangMs = 4_000;

const hanging = new WeakMap<Play, LabFault>();

/** One node of which nothing that has to do with its storages is answered, while the cluster says that it is online. */
const storageFaults: readonly Fault[] = ['pve1', 'pve2'].map((node) => ({
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

/** A node that answers nothing any more, to the end of the case, while the cluster says that it is online. */
const withoutEnd: Fault = {
  name: 'pve2 hangs without end',
  fits: (site) => site === 'before proxmox GET /cluster/resources',
  ends: ['refused'],
  async strike({ play }) {
    const { lab, redis, prefix } = play.stage;
    const rooms = Object.values(await redis.hgetall(`${prefix}:claims:lab:rooms`));
    // What is being made on that very node waits for it as long.
    if (rooms.some((room) => room.includes('"pve2"'))) return;
    const fault: LabFault = { method: 'GET', path: /^\/nodes\/pve2\//, mode: 'hold', times: most };
    lab.faults.unshift(fault);
  },
  check(_, { state, text }: RunRecord) {
    if (state !== 'refused' || text.includes('--node pve2')) return [];
    return ['pve2 hung, and what has nothing to do with it was refused.'];
  },
};

export const nodeFaults: readonly Fault[] = [...storageFaults, withoutEnd];

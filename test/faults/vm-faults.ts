import { makeKeys } from '#jobs/engine/keys.ts';
import type { Guest } from '#lab/state.ts';
import { cancelFault, type Fault, refusedEnds } from './faults.ts';
import type { Play } from './play.ts';

/** What people, or HA, do with the VM of a run in the middle of it. */
export const vmFaults: readonly Fault[] = [
  {
    name: 'a clone of ours gets the number',
    // Each change comes after a look at whose the VM is; nothing can be seen between the two.
    fits: (site) => site === 'before proxmox GET /nodes/{}/qemu/{}/config',
    // What the run wanted to remove is gone, and so it may be done.
    ends: [...refusedEnds, 'done'],
    async strike({ play }) {
      const victim = await victimOf(play);
      if (victim) await play.stage.replace(victim.vmid);
    },
  },
  {
    name: 'its VM is moved to another node',
    fits: (site) => /^before proxmox (\S+ \/nodes\/\{\}\/qemu\/\{\}\/|DELETE \/nodes\/\{\}\/qemu\/\{\}$)/.test(site),
    async strike({ play }) {
      if (await isPlanned(play)) return;
      const victim = await victimOf(play);
      if (victim && isOnSharedStorage(play, victim)) victim.node = victim.node === 'pve1' ? 'pve2' : 'pve1';
    },
  },
  {
    name: 'somebody cancels a clone, and Proxmox kills what is stopped',
    fits: (site) => /^after (proxmox POST \S+\/clone|clone template\/saved)$/.test(site),
    ends: ['cancelled', 'kept'],
    times: { copyMs: 300, linkMs: 300 },
    async strike(moment) {
      moment.play.stage.lab.faults.push({ method: 'DELETE', path: /\/tasks\/[^/]*qmclone/, mode: 'kill', times: 99 });
      await cancelFault.strike(moment);
    },
  },
];

/** The VM that the case is about, when it is there and nothing works on it: Proxmox moves and removes no other. */
async function victimOf({ stage, name }: Play): Promise<Guest | undefined> {
  const claimed = new Set(Object.keys(await stage.redis.hgetall(`${stage.prefix}:claims:lab:vmids`)).map(Number));
  const { state, cluster } = stage.lab;
  const working = new Set(cluster.tasks.all().flatMap((task) => (task.exitstatus === undefined ? task.id : [])));
  return state.guests.find(
    ({ vmid, config }) =>
      (claimed.has(vmid) || config.name === name) &&
      !stage.isForeign(vmid) &&
      config.lock === undefined &&
      !working.has(String(vmid)),
  );
}

/** Whether people are still to decide on a plan: one that changes while they do is put to them anew, as it must be. */
async function isPlanned({ stage: { redis, prefix, runs } }: Play): Promise<boolean> {
  const open = await redis.zrange(makeKeys(prefix).open, '0', '-1');
  const records = await Promise.all(open.map((run) => runs.read(run)));
  return records.some((run) => run?.approval !== undefined && (run.state === 'planning' || run.replan));
}

function isOnSharedStorage({ stage: { lab } }: Play, { vmid, config }: Guest): boolean {
  const own = lab.state.volumes.filter((volume) => volume.vmid === vmid);
  return (
    own.every(({ node }) => node === undefined) && !Object.values(config).some((line) => line.startsWith('local:'))
  );
}

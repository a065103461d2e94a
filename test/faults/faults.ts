import { openDoorbell } from '#jobs/engine/doorbell.ts';
import { makeKeys } from '#jobs/engine/keys.ts';
import type { RunRecord } from '#jobs/engine/record.ts';
import type { Fault as LabFault } from '#lab/faults.ts';
import type { LabOptions } from '#lab/start.ts';
import type { Play } from './play.ts';
import type { Puppet } from './puppet.ts';

/** The moment in which a fault strikes. */
export interface Moment {
  readonly play: Play;
  readonly puppet: Puppet;
  readonly site: string;
  /** 0…1, the same for the same seed. */
  random(): number;
  /** Another worker, which is well. */
  startHeir(): Promise<void>;
  /** Does it so much later; the case is not over before. */
  later(ms: number, act: () => unknown): void;
}

/** One way in which things go wrong, at any site that fits. What {@link strike} answers is waited for at the site. */
export interface Fault {
  readonly name: string;
  fits(site: string): boolean;
  strike(moment: Moment): void | Promise<void>;
  /** Called at every site before. */
  notice?(site: string, moment: Moment): void;
  /** States in which a run may end because of it, besides that of the story. */
  readonly ends?: readonly string[];
  /** How often a person may have to help a run that is stuck because of it. */
  readonly helps?: number;
  /** How long things take in the lab for it, where they would be over before it strikes. */
  readonly times?: NonNullable<LabOptions['times']>;
  /** What else has to be true at the end, besides the invariants; breaches, a sentence each. */
  check?(play: Play, run: RunRecord): string[];
  /** It makes Redis forget: what may be done more than once may then be done once more. */
  readonly forgets?: boolean;
}

const ofWorker = (site: string) => !/^\w+ (runs|chat|outbox)/.test(site);
const isCommit = (site: string) => ofWorker(site) && !/ (proxmox|ssh) |\/(effect|find|plan|undo)$/.test(site);
const proxmoxCall = /^before proxmox (\S+) (\S+)$/;
export const refusedEnds = ['failed', 'refused', 'kept', 'cancelled', 'rejected'];

/** Of the worker's process. */
export const processFaults: readonly Fault[] = [
  {
    name: 'kill -9 of the worker',
    fits: ofWorker,
    async strike({ puppet, startHeir }) {
      const dead = puppet.die();
      await startHeir();
      return dead;
    },
  },
  {
    name: 'the worker stands still past its lease',
    fits: ofWorker,
    async strike({ puppet, startHeir, random, later }) {
      const frozen = puppet.freeze();
      await startHeir();
      later(750 + random() * 700, () => puppet.thaw());
      return frozen;
    },
  },
  {
    name: 'SIGTERM of the worker',
    fits: ofWorker,
    async strike({ puppet, startHeir }) {
      await startHeir();
      puppet.drain().catch(() => undefined);
    },
  },
];

/** Of the way between the worker and Redis. */
export const cableFaults: readonly Fault[] = [
  { name: 'the connection to Redis is reset', fits: isCommit, strike: ({ puppet }) => puppet.redis.reset() },
  { name: 'an answer of Redis is lost', fits: isCommit, strike: ({ puppet }) => puppet.redis.loseAnswer() },
  {
    name: 'Redis does not answer the worker for longer than the lease',
    fits: isCommit,
    async strike({ puppet, startHeir, random, later }) {
      puppet.redis.pause();
      await startHeir();
      later(750 + random() * 700, () => puppet.redis.resume());
    },
  },
  { name: 'Redis is slow', fits: isCommit, strike: ({ puppet }) => puppet.redis.delay(25) },
];

/** Of doorbells, which carry no information. */
export const bellFaults: readonly Fault[] = [
  {
    name: 'all bells are lost',
    fits: (site) => isCommit(site) && site.startsWith('after '),
    async strike({ play: { stage } }) {
      const keys = await stage.redis.keys(`${stage.prefix}:bull:*`);
      if (keys.length > 0) await stage.redis.del(...keys);
    },
  },
  {
    name: 'each bell rings three times more',
    fits: (site) => isCommit(site) && site.startsWith('after '),
    async strike({ play: { stage }, startHeir }) {
      await startHeir();
      const keys = makeKeys(stage.prefix);
      const doorbell = openDoorbell(stage.redis, keys, undefined);
      const open = await stage.redis.zrange(keys.open, '0', '-1');
      await Promise.all([1, 2, 3].flatMap(() => open.map((run) => doorbell.ring(run))));
    },
  },
];

/** Somebody cancels. */
export const cancelFault: Fault = {
  name: 'somebody cancels',
  fits: ofWorker,
  // What was to be kept is kept when it is cancelled too.
  ends: ['cancelled', 'kept'],
  async strike({ play }) {
    const { redis, prefix, runs } = play.stage;
    for (const run of await redis.zrange(makeKeys(prefix).open, '0', '-1')) await runs.cancel(run, play.ana);
  },
};

const text = (status: number, reason: string) => ({ mode: 'status', status, reason }) as const;

/** What Proxmox, or the way to it, does with one call. */
export const proxmoxFaults: readonly Fault[] = [
  proxmox('the request is lost', { mode: 'drop-before' }),
  // A start that a story meant to fail gets through.
  proxmox('the response is lost', { mode: 'drop-after' }, { ends: ['done'] }),
  proxmox('595', text(595, 'No route to host')),
  proxmox('596', text(596, 'Connection timed out')),
  proxmox('500 got timeout', text(500, "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout")),
  proxmox('500 VM is locked', text(500, 'VM is locked (backup)')),
  proxmox('no quorum for a while', { ...text(500, 'cluster not ready - no quorum?'), times: 3 }),
  proxmox('the answer comes after the lease', { mode: 'slow', delayMs: 900 }, { ends: ['done'] }),
  proxmox('its task dies', { mode: 'task', exitstatus: 'unexpected status' }),
  proxmox('403', text(403, 'Permission check failed (/vms/100, VM.Clone)'), { ends: refusedEnds, helps: 3 }),
  {
    name: 'Proxmox: somebody else takes the number',
    fits: (site) => /^before proxmox POST \S+\/clone$/.test(site),
    async strike({ play: { stage } }) {
      const claims = Object.entries(await stage.redis.hgetall(`${stage.prefix}:claims:lab:vmids`));
      // The numbers of templates are claimed in the name of a part of the run.
      const claimed = claims.filter(([, owner]) => !owner.includes(':')).map(([vmid]) => Number(vmid));
      stage.intrude(Math.max(...claimed));
    },
  },
  proxmox('500 of an unknown kind', text(500, 'fault injected'), { ends: refusedEnds, helps: 3 }),
  proxmox('401', text(401, 'authentication failure'), { ends: refusedEnds, helps: 3 }),
  {
    ...proxmox('the socket is held, then reset', { mode: 'hold' }),
    async strike(moment) {
      arm(moment, { mode: 'hold' });
      moment.later(120, () => moment.puppet.proxmox.reset());
    },
  },
  {
    ...proxmox('the response is lost, and the worker killed', { mode: 'drop-after' }, { ends: ['done'] }),
    async strike(moment) {
      arm(moment, { mode: 'drop-after' });
      // When the call has been carried out, whatever that takes.
      moment.later(4 + moment.random() * 20, () => {
        moment.puppet.die();
        return moment.startHeir();
      });
    },
  },
];

/** Of the way into a VM. */
export const sshFaults: readonly Fault[] = [
  { name: 'SSH is reset', fits: (site) => site === 'before ssh login', strike: resetSoon(1) },
  { name: 'SSH is reset in the middle', fits: (site) => site === 'before ssh login', strike: resetSoon(12) },
  {
    name: 'SSH is silent for a while',
    fits: (site) => site === 'before ssh login',
    strike({ puppet, later }) {
      puppet.ssh.pause();
      later(400, () => puppet.ssh.resume());
    },
  },
];

function resetSoon(ms: number): Fault['strike'] {
  return ({ puppet, later }) => later(ms, () => puppet.ssh.reset());
}

function proxmox(name: string, fault: Omit<LabFault, 'path'>, more: Pick<Fault, 'ends' | 'helps'> = {}): Fault {
  return {
    name: `Proxmox: ${name}`,
    fits: (site) => proxmoxCall.test(site),
    strike: (moment) => arm(moment, fault),
    ...more,
  };
}

/** The fault waits for the very call that is about to be made. */
function arm({ play, site }: Moment, fault: Omit<LabFault, 'path'>): void {
  const [, method = '', path = ''] = proxmoxCall.exec(site) ?? [];
  const pattern = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll('{}', '.+?');
  play.stage.lab.faults.unshift({ ...fault, method, path: new RegExp(`^${pattern}$`) });
}

import type { Case } from './case.ts';
import { bellFaults, cableFaults, cancelFault, type Fault, processFaults, proxmoxFaults, sshFaults } from './faults.ts';
import { frontFaults } from './front-faults.ts';
import { nodeFaults } from './node-faults.ts';
import { redisFaults } from './redis-faults.ts';
import { vmFaults } from './vm-faults.ts';

/** A row of the fault matrix: one kind of trouble, and what is promised when it comes at any site. */
export interface Row {
  readonly id: string;
  readonly trouble: string;
  readonly promise: string;
  holds(one: Pick<Case, 'fault' | 'site'>): boolean;
}

export const everyFault: readonly Fault[] = [
  ...processFaults,
  ...frontFaults,
  ...cableFaults,
  ...bellFaults,
  cancelFault,
  ...proxmoxFaults,
  ...nodeFaults,
  ...sshFaults,
  ...vmFaults,
  ...redisFaults,
];

const backwards = /undo|claims.release|\/failed/;
const named = (name: string) => (one: Pick<Case, 'fault'>) => one.fault.name === name;

export const rows: readonly Row[] = [
  {
    id: 'K-fwd',
    trouble: 'kill -9 of the worker at each site on the way forward',
    promise: 'another worker goes on; nothing is made twice',
    holds: ({ fault, site }) => fault.name === 'kill -9 of the worker' && !backwards.test(site),
  },
  {
    id: 'K-undo',
    trouble: 'kill -9 of the worker at each site while it takes back',
    promise: 'everything is taken back; no VM, disk or claim is left',
    holds: ({ fault, site }) => fault.name === 'kill -9 of the worker' && backwards.test(site),
  },
  {
    id: 'Z',
    trouble: 'the worker stands still past its lease, then goes on',
    promise: 'it is fenced and starts nothing more',
    holds: named('the worker stands still past its lease'),
  },
  {
    id: 'D-term',
    trouble: 'SIGTERM of the worker at each site',
    promise: 'another worker goes on at once',
    holds: named('SIGTERM of the worker'),
  },
  {
    id: 'N-reset',
    trouble: 'the connection to Redis breaks at each commit; its answer is lost',
    promise: 'the commit counts once',
    holds: ({ fault }) =>
      fault.name === 'the connection to Redis is reset' || fault.name === 'an answer of Redis is lost',
  },
  {
    id: 'N-blackhole',
    trouble: 'only this worker loses Redis, for longer than the lease',
    promise: 'another one takes over; afterwards no effect is doubled',
    holds: named('Redis does not answer the worker for longer than the lease'),
  },
  { id: 'N-lat', trouble: 'Redis is slow', promise: 'nobody takes over', holds: named('Redis is slow') },
  {
    id: 'K-front',
    trouble: 'kill -9 of the gateway at each site: what people say, their decisions, cards, threads',
    promise: 'another one goes on within seconds; what was said counts once, each card is shown once',
    holds: named('kill -9 of the gateway'),
  },
  {
    id: 'Z-front',
    trouble: 'the gateway stands still past its lease on a card, then goes on',
    promise: 'the newest state stands there in the end',
    holds: named('the gateway stands still past its lease'),
  },
  {
    id: 'N-front',
    trouble: 'only the gateway loses Redis: reset, an answer lost, silence for longer than it waits',
    promise: 'who asked is told to try again; nothing counts twice; cards follow',
    holds: ({ fault }) => /^the gateway loses|^Redis does not answer the gateway/.test(fault.name),
  },
  {
    id: 'R-kill',
    trouble: 'Redis is killed at each commit, or stands still for a moment',
    promise: 'the run goes on when it is back; nothing acknowledged is lost',
    holds: ({ fault }) =>
      fault.name === 'Redis is killed and comes back at once' || fault.name === 'Redis stands still for a moment',
  },
  {
    id: 'R-long',
    trouble: 'Redis is away, or stands still, for longer than the lease, and the workers are well',
    promise: 'exactly one goes on',
    holds: ({ fault }) =>
      fault.name === 'Redis is killed and comes back after the lease' ||
      fault.name === 'Redis stands still past the lease',
  },
  {
    id: 'R-power',
    trouble: 'Redis loses the last that it was given (the end of its AOF is cut off)',
    promise: 'what was made is found again by its marker, not made twice',
    holds: named('Redis loses the last moment'),
  },
  {
    id: 'R-oom',
    trouble: 'Redis takes no writes for a while (maxmemory)',
    promise: 'runs pause, and go on',
    holds: named('Redis has no memory left for a while'),
  },
  {
    id: 'R-full',
    trouble: 'the disk of Redis is full for a while: it ends itself, and is started again when there is room',
    promise: 'runs pause, and go on; nothing acknowledged is lost',
    holds: named('the disk of Redis is full for a while'),
  },
  {
    id: 'R-wipe',
    trouble: 'Redis loses everything',
    promise: 'what was made stays, with its marker; nobody goes on with it, nothing is removed; new work goes on',
    holds: named('Redis loses everything'),
  },
  {
    id: 'Q-lost',
    trouble: 'all bells are lost',
    promise: 'the sweep finds the run',
    holds: named('all bells are lost'),
  },
  {
    id: 'Q-dup',
    trouble: 'each bell rings three times more',
    promise: 'no effect',
    holds: named('each bell rings three times more'),
  },
  {
    id: 'P-lost-req',
    trouble: 'a request to Proxmox is lost',
    promise: 'it is sent again, once',
    holds: named('Proxmox: the request is lost'),
  },
  {
    id: 'P-lost-resp',
    trouble: 'an answer of Proxmox is lost, with or without the worker; a socket that is held',
    promise: 'what was done is found and taken over',
    holds: ({ fault }) => /^Proxmox: (the response|the socket)/.test(fault.name),
  },
  {
    id: 'P-596/595/5xx',
    trouble: 'Proxmox answers 595, 596, or 500 with words of its own',
    promise: '596 looks first; 595 waits; an unknown 500 fails, and everything is taken back',
    holds: ({ fault }) => /^Proxmox: (595|596|500 of)/.test(fault.name),
  },
  {
    id: 'P-lock',
    trouble: '`got timeout`, `VM is locked (backup)`',
    promise: 'waits and goes on',
    holds: ({ fault }) => /^Proxmox: 500 (got|VM)/.test(fault.name),
  },
  {
    id: 'P-race',
    trouble: 'somebody else takes the VMID just before the clone',
    promise: 'their VM is untouched; the next number is taken',
    holds: named('Proxmox: somebody else takes the number'),
  },
  {
    id: 'P-task',
    trouble: 'a task ends with `unexpected status`',
    promise: 'looks what became of it, and goes on',
    holds: named('Proxmox: its task dies'),
  },
  {
    id: 'P-quorum',
    trouble: 'the cluster has no quorum for three calls',
    promise: 'waits and goes on',
    holds: named('Proxmox: no quorum for a while'),
  },
  {
    id: 'P-slow',
    trouble: 'an answer takes longer than the lease',
    promise: 'the lease is kept, the call is not repeated',
    holds: named('Proxmox: the answer comes after the lease'),
  },
  {
    id: 'P-hang',
    trouble: "one node's storages hang, and whoever reads them waits",
    promise: 'creates go on elsewhere and say so, or are refused; what is to be done there waits; nothing is left',
    holds: ({ fault }) => /^the storages of/.test(fault.name),
  },
  {
    id: 'P-hang-on',
    trouble: 'one node answers nothing any more, to the end',
    promise: 'what is elsewhere is made, changed and removed as ever; only what was asked for there is refused',
    holds: named('pve2 hangs without end'),
  },
  {
    id: 'P-401/403',
    trouble: 'the token is refused once',
    promise: 'the run fails and says so, or a person retries it',
    holds: ({ fault }) => /^Proxmox: 40[13]/.test(fault.name),
  },
  {
    id: 'S-drop',
    trouble: 'SSH is reset before or in the login, or silent',
    promise: 'it is tried again',
    holds: ({ fault }) => fault.name.startsWith('SSH'),
  },
  {
    id: 'X-cancel',
    trouble: 'somebody cancels at each site',
    promise: 'nothing is left, or it was too late and the run is done',
    holds: named('somebody cancels'),
  },
  {
    id: 'X-clone',
    trouble: 'somebody cancels in a clone, and Proxmox would kill a task that is stopped',
    promise: 'the clone ends and is removed; nothing stays locked',
    holds: named('somebody cancels a clone, and Proxmox kills what is stopped'),
  },
  {
    id: 'V-clone',
    trouble: 'the number of its VM is given to a clone of ours, notes and all, at each look at whose it is',
    promise: 'the clone is as it was, to the letter',
    holds: named('a clone of ours gets the number'),
  },
  {
    id: 'V-moved',
    trouble: 'its VM is moved to another node before each call',
    promise: 'it is found there, proven, and the run goes on',
    holds: named('its VM is moved to another node'),
  },
];

/** The row that a case belongs to. */
export function rowOf(one: Pick<Case, 'fault' | 'site'>): Row {
  const row = rows.find((candidate) => candidate.holds(one));
  if (!row) throw new Error(`No row of the matrix holds "${one.fault.name}".`);
  return row;
}

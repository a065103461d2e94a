import type { Cluster } from '../cluster.ts';
import { findGuest, isRunning } from '../guests.ts';
import { flag, integer, oneOf, optional, type Params, text } from '../params.ts';
import { died } from '../problem.ts';
import { isQuorate } from '../quorum.ts';
import { type Call, perm, type Route } from '../route.ts';
import type { Guest } from '../state.ts';

const look = perm('/', 'Sys.Audit');
const change = perm('/', 'Sys.Console');
const digest = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';
const about: Params = {
  comment: optional(text()),
  failback: optional(flag),
  group: optional(text()),
  max_relocate: optional(integer(0)),
  max_restart: optional(integer(0)),
  state: optional(oneOf('started', 'stopped', 'enabled', 'disabled', 'ignored')),
};

/** Which VMs are HA resources. Nothing is moved when a node goes: the lab has no fencing and no scheduler. */
export const haRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/cluster/ha/resources',
    access: look,
    params: { type: optional(oneOf('ct', 'vm')) },
    run: list,
  },
  {
    method: 'POST',
    path: '/cluster/ha/resources',
    access: change,
    params: { ...about, sid: text(), type: optional(oneOf('ct', 'vm')) },
    run: add,
  },
  {
    method: 'GET',
    path: '/cluster/ha/resources/{sid}',
    access: look,
    params: {},
    run: (call) => row(call.cluster, managed(call)),
  },
  {
    method: 'DELETE',
    path: '/cluster/ha/resources/{sid}',
    access: change,
    params: { purge: optional(flag) },
    run: remove,
  },
  {
    method: 'GET',
    path: '/cluster/ha/status/current',
    access: look,
    params: { limit: optional(integer(0)) },
    run: status,
  },
];

function list({ cluster, values }: Call): unknown[] {
  return cluster.state.guests
    .filter((guest) => guest.ha && values.type !== 'ct')
    .map((guest) => ({ ...row(cluster, guest), digest }));
}

function row(cluster: Cluster, guest: Guest) {
  return { sid: `vm:${guest.vmid}`, type: 'vm', state: isRunning(cluster, guest) ? 'started' : 'stopped', digest };
}

function add({ cluster, values }: Call): null {
  const sid = values.sid ?? '';
  const guest = findGuest(cluster, vmidOf(sid));
  if (!guest) throw died(`unable to add ha resource '${sid}' - VM ${vmidOf(sid)} does not exist`);
  if (guest.ha) throw died(`resource ID 'vm:${guest.vmid}' already defined`);
  guest.ha = true;
  cluster.file.save();
  return null;
}

function remove(call: Call): null {
  managed(call).ha = false;
  call.cluster.file.save();
  return null;
}

function managed({ cluster, path }: Call): Guest {
  const guest = findGuest(cluster, vmidOf(path.sid ?? ''));
  if (!guest?.ha) throw died(`no such resource '${path.sid}'`);
  return guest;
}

/** `vm:100` and `100` mean the same. */
function vmidOf(sid: string): number {
  return Number(sid.replace(/^vm:/, ''));
}

function status({ cluster }: Call): unknown[] {
  const [first] = cluster.state.nodes;
  const quorum = { id: 'quorum', type: 'quorum', node: first?.name ?? '', quorate: isQuorate(cluster) ? 1 : 0 };
  const services = cluster.state.guests
    .filter(({ ha }) => ha)
    .map((guest) => {
      const { sid, state } = row(cluster, guest);
      return {
        id: `service:${sid}`,
        type: 'service',
        sid,
        node: guest.node,
        state,
        status: `${sid} (${guest.node}, ${state})`,
      };
    });
  return [{ ...quorum, status: isQuorate(cluster) ? 'OK' : 'No quorum!' }, ...services];
}

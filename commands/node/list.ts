import { readRoom } from '#jobs/vm/room.ts';
import { defineCommand } from '../command.ts';
import { clusterOf } from '../desk.ts';
import { amount, tableCard } from '../show.ts';

export const nodeList = defineCommand({
  path: 'node list',
  synonyms: ['ls', 'all', 'status'],
  about: 'The cluster’s nodes and the room on them.',
  example: '/node list',
  risk: 'read',
  args: {},
  async run(_given, desk) {
    const nodes = await readRoom(clusterOf(desk));
    const rows = nodes.map((one) => [
      { b: one.node },
      stateOf(one),
      String(one.vms.length),
      String(one.inFlight.filter(({ node }) => node === one.node).length),
      one.online ? `${amount(one.memoryUsed)} of ${amount(one.memoryTotal)}` : '',
      one.storageAvailable === undefined ? 'not reachable' : `${amount(one.storageAvailable)} free`,
    ]);
    return {
      answer: tableCard(
        'Nodes',
        ['Node', 'State', 'VMs', 'Being made', 'Memory used', 'Disk storage'],
        rows,
        'There are no nodes.',
      ),
    };
  },
});

function stateOf({ online, silent }: { readonly online: boolean; readonly silent?: boolean }): string {
  if (silent) return 'does not answer';
  return online ? 'online' : 'offline';
}

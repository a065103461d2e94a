import { spellCpus } from '#base/amounts.ts';
import { listMachines } from '#jobs/vm/list.ts';
import { defineCommand } from '../command.ts';
import { clusterOf } from '../desk.ts';
import { amount, tableCard, withSilence } from '../show.ts';

export const vmList = defineCommand({
  path: 'vm list',
  about: 'All VMs, read from Proxmox now.',
  example: '/vm list',
  risk: 'read',
  args: { node: { kind: 'text', about: 'Only those on this node.', complete: 'node' } },
  async run({ node }, desk) {
    const { vms: all, silent } = await listMachines(clusterOf(desk));
    const vms = all.filter((vm) => node === undefined || vm.node === node);
    const rows = vms.map((vm) => [
      { b: vm.name ?? '?' },
      String(vm.vmid),
      vm.node,
      vm.lock ? `${vm.status} (${vm.lock})` : vm.status,
      `${spellCpus(vm.cpus)}, ${amount(vm.maxMemory)}`,
    ]);
    const none = `There are no VMs${node ? ` on ${node}` : ''} yet.`;
    const answer = tableCard('VMs', ['Name', 'VMID', 'Node', 'State', 'Size'], rows, none);
    return { answer: withSilence(answer, silent) };
  },
});

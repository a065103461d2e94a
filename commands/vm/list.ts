import { spellCpus } from '#base/amounts.ts';
import { matches, ownedBy } from '#jobs/vm/filter.ts';
import { listMachines } from '#jobs/vm/list.ts';
import type { Args } from '../args.ts';
import { defineCommand } from '../command.ts';
import { clusterOf } from '../desk.ts';
import { lineWith, pageOf, pageSize, withPages } from '../pages.ts';
import { amount, tableCard, withSilence } from '../show.ts';

const path = 'vm list';
const args = {
  name: { kind: 'text', about: 'Only those whose name contains this; `web-*` is the whole name.' },
  node: { kind: 'text', about: 'Only those on this node.', complete: 'node' },
  pool: { kind: 'text', about: 'Only those in this resource pool.' },
  tag: { kind: 'text', about: 'Only those with this tag.' },
  owner: { kind: 'text', about: 'Only those made for this person: their key, or `me`.' },
  state: { kind: 'choice', about: 'Only those in this state.', choices: ['running', 'stopped', 'unknown'] },
  page: { kind: 'whole', about: `Which page, ${pageSize} VMs each.`, min: 1 },
} as const satisfies Args;

export const vmList = defineCommand({
  path,
  synonyms: ['ls', 'all', 'ps'],
  about: 'VMs by name, read from Proxmox now; filters narrow the list down.',
  example: '/vm list',
  risk: 'read',
  args,
  async run({ page = 1, ...filter }, desk, by) {
    const cluster = clusterOf(desk);
    const { vms: all, silent } = await listMachines(cluster);
    const fitting = all.filter((vm) => matches(vm, filter));
    const { owner } = filter;
    const key = owner === 'me' ? by.key : owner;
    const { vms, unread } = key === undefined ? { vms: fitting, unread: 0 } : await ownedBy(cluster, fitting, key);
    const { rows, pages } = pageOf(vms, page, lineWith(path, filter));
    const cells = rows.map((vm) => [
      { b: vm.name ?? '?' },
      String(vm.vmid),
      vm.node,
      vm.lock ? `${vm.status} (${vm.lock})` : vm.status,
      `${spellCpus(vm.cpus)}, ${amount(vm.maxMemory)}`,
    ]);
    const columns = ['Name', 'VMID', 'Node', 'State', 'Size'];
    const none = all.length === 0 ? 'There are no VMs yet.' : 'No VM fits these filters.';
    const link = (label: string, to: number) => ({ label, command: lineWith(path, { ...filter, page: to }) });
    const links = [
      ...(page > 1 ? [link('Previous page', page - 1)] : []),
      ...(page < pages ? [link('Next page', page + 1)] : []),
    ];
    const total = vms.length === all.length ? `${all.length}` : `${vms.length} of ${all.length}`;
    const about = [
      `${total} ${all.length === 1 ? 'VM' : 'VMs'}`,
      ...(pages > 1 ? [`page ${page} of ${pages}`] : []),
      ...(unread > 0 ? [`whose ${unread} of them are is not known yet; narrow the list down, or try later`] : []),
    ].join(', ');
    const answer = withPages(tableCard('VMs', columns, cells, none), `${about}.`, links);
    return { answer: withSilence(answer, silent) };
  },
});

import { spellMemory } from '#base/amounts.ts';
import { spell } from '#base/duration.ts';
import { type Shown, showMachine } from '#jobs/vm/list.ts';
import { defineCommand } from '../command.ts';
import { clusterOf } from '../desk.ts';
import { factsCard } from '../show.ts';
import { theVm } from '../usual-args.ts';

export const vmShow = defineCommand({
  path: 'vm show',
  synonyms: ['info', 'get', 'status', 'describe', 'cat', 'view'],
  about: 'One VM: state, size, addresses, who it was made for.',
  example: '/vm show k8s-dev',
  risk: 'read',
  args: { vm: theVm },
  async run({ vm: wanted }, desk) {
    const vm = await showMachine(clusterOf(desk), wanted, desk.signal);
    const { config } = vm;
    const name = vm.name ?? String(vm.vmid);
    const running = vm.status === 'running';
    const facts = {
      State: stateOf(vm),
      Node: vm.node,
      CPUs: String(config.cores * config.sockets),
      Memory: spellMemory(config.memoryMiB),
      Disks: config.disks.map(({ key, sizeGiB }) => `${key}: ${sizeGiB} GiB`).join(', ') || 'none',
      Addresses: vm.addresses.join(', ') || (vm.agentTrouble && `unknown: ${vm.agentTrouble}`),
      MAC: config.nets.map(({ mac }) => mac).join(', ') || undefined,
      Up: running && vm.uptime ? spell(vm.uptime * 1000) : undefined,
      'Made for': vm.owner ?? `not made by Botswain${vm.notOurs === undefined ? '' : `: ${vm.notOurs}`}`,
      Run: vm.run,
    };
    const offers = running
      ? [
          { label: 'Stop', command: `/vm stop ${vm.vmid}` },
          { label: 'Reboot', command: `/vm reboot ${vm.vmid}` },
        ]
      : [{ label: 'Start', command: `/vm start ${vm.vmid}` }];
    return {
      answer: factsCard([{ b: name }, ` (VM ${vm.vmid})`], `${name} is ${vm.status}.`, facts, [
        { kind: 'offers', offers },
      ]),
    };
  },
});

/** `running (io-error, backup)`: what QEMU says where that is more, and what works on it. */
function stateOf({ status, qmpstatus, lock }: Shown): string {
  const more = [qmpstatus === status ? undefined : qmpstatus, lock].filter((word) => word !== undefined);
  return more.length > 0 ? `${status} (${more.join(', ')})` : status;
}

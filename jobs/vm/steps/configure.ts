import { spellCpus, spellMemory } from '#base/amounts.ts';
import { RemoteError } from '#base/errors.ts';
import { type IpConfig, ipConfig } from '#cloud-init/network.ts';
import { publicKeyOf } from '#guest/keys.ts';
import type { Step } from '#jobs/engine/step.ts';
import type { World } from '#jobs/engine/world.ts';
import { nameInMarker } from '#proxmox/marker.ts';
import { requireOurs } from '#proxmox/ownership.ts';
import { setConfig } from '#proxmox/vms.ts';
import { atItsNode } from './at-its-node.ts';
import { madeBy } from './gone.ts';

type Hardware = {
  readonly vmid: number;
  readonly node: string;
  readonly name: string;
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly ip: IpConfig;
  readonly dns: readonly string[];
  readonly user: string;
};

/**
 * Sets CPUs, memory and what cloud-init does at the first boot, and writes the SMBIOS UUID, which no copy of the VM shares, into its marker. Answers
 * the network card's MAC address, and that UUID ('' for none).
 */
export const configureVm: Step<Hardware, { mac: string; uuid: string }> = {
  name: 'configure vm',
  label: ({ cpus, memoryMiB }) => `Set ${spellCpus(cpus)}, ${spellMemory(memoryMiB)} memory, address and keys`,
  timeout: '10m',
  repeat: 'safe',

  run: (world, hardware) =>
    atItsNode(world, hardware, (vm) => configure(world, vm), madeBy(world.runId, hardware.vmid)),
};

async function configure(world: World, vm: Hardware): Promise<{ mac: string; uuid: string }> {
  const { api, name: cluster } = world.cluster;
  const { privateKey, authorizedKeys } = world.settings.ssh;
  const config = await requireOurs(world.cluster, vm.node, vm.vmid, { run: world.runId });
  const mac = config.nets[0]?.mac;
  if (!mac) {
    throw new RemoteError(`Proxmox ${cluster}`, `${vm.name} (VM ${vm.vmid}) has no network card.`, {
      outcome: 'permanent',
      hint: 'Give the template a net0 and try again.',
    });
  }
  await setConfig(api, vm.node, vm.vmid, {
    cores: vm.cpus,
    // The template may have more sockets, or let its guest use some of the CPUs only.
    sockets: 1,
    ...(config.raw.vcpus === undefined ? {} : { delete: 'vcpus' }),
    memory: vm.memoryMiB,
    agent: 'enabled=1',
    ciuser: vm.user,
    // The value itself is URL-encoded, and the form encodes it once more: Proxmox decodes twice.
    sshkeys: encodeURIComponent([publicKeyOf(privateKey), ...authorizedKeys].join('\n')),
    ipconfig0: ipConfig(vm.ip),
    // Upgrading packages at the first boot takes minutes; templates are rebuilt instead.
    ciupgrade: 0,
    description: nameInMarker(vm.vmid, config),
    ...(vm.dns.length > 0 ? { nameserver: vm.dns.join(' ') } : {}),
  });
  return { mac, uuid: config.smbiosUuid ?? '' };
}

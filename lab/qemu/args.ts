import { bootOrder } from '../boot-order.ts';
import type { Machine } from '../engine.ts';
import { readProperties } from '../property.ts';
import type { Accelerator } from './accelerator.ts';
import { driveArgs } from './drive-args.ts';
import { networkArgs } from './network-args.ts';
import { optionValue } from './option-value.ts';
import type { MachinePlaces } from './places.ts';

export interface ArgsOptions {
  readonly machine: Machine;
  readonly places: MachinePlaces;
  readonly accelerator: Accelerator;
  /** The switch's socket. */
  readonly segment: string;
  /** The file behind each drive key. */
  readonly files: Readonly<Record<string, string>>;
}

/** QEMU's command line for a machine as its Proxmox configuration describes it. */
export function machineArgs(options: ArgsOptions): string[] {
  const { machine, places } = options;
  const { config } = machine;
  const boot = bootOrder(config);
  return [
    ...['-name', `${machine.name || `VM${machine.vmid}`},process=lab-${machine.vmid}`.replaceAll(/[^\w=,.-]/g, '-')],
    ...['-daemonize', '-pidfile', places.pidFile],
    ...['-qmp', `unix:${optionValue(places.qmp)},server=on,wait=off`],
    ...processor(config, options.accelerator),
    ...['-m', config.memory ?? '512'],
    ...['-machine', 'pc', '-nodefaults', '-no-user-config', '-display', 'none', '-vga', 'none'],
    ...identity(config),
    // An emulated processor has no random instruction, and first boot makes keys.
    ...['-device', 'virtio-rng-pci'],
    ...driveArgs(config, options.files, boot),
    ...networkArgs(config, options.segment, boot),
    ...serialPorts(config, places),
    ...agentPort(config, places),
  ];
}

function processor(config: Machine['config'], accelerator: Accelerator): string[] {
  const sockets = Number(config.sockets ?? 1);
  const cores = Number(config.cores ?? 1);
  const count = config.vcpus ?? String(sockets * cores);
  const smp = ['-smp', `${count},sockets=${sockets},cores=${cores},maxcpus=${sockets * cores}`];
  if (accelerator === 'kvm') return ['-accel', 'kvm', '-cpu', 'host', ...smp];
  // The plainest model is the fastest to emulate; without `-svm` the guest does not try to load KVM.
  // Half of QEMU's default for translated code costs no time and saves each machine half a gigabyte.
  return ['-accel', 'tcg,tb-size=512', '-cpu', 'qemu64,-svm', ...smp];
}

/** `smbios1: uuid=…,serial=…,base64=1`; QEMU wants commas in values doubled. */
function identity(config: Machine['config']): string[] {
  const { base64, uuid, ...fields } = readProperties(config.smbios1 ?? '');
  const texts = Object.entries(fields).map(([key, value]) => {
    const text = base64 === '1' ? Buffer.from(value, 'base64').toString() : value;
    return `${key}=${optionValue(text)}`;
  });
  if (uuid === undefined && texts.length === 0) return [];
  return ['-smbios', ['type=1', ...(uuid === undefined ? [] : [`uuid=${uuid}`]), ...texts].join(',')];
}

function serialPorts(config: Machine['config'], places: MachinePlaces): string[] {
  if (config.serial0 === undefined) return [];
  const log = `file,id=serial0,path=${optionValue(places.console)},append=on`;
  return ['-chardev', log, '-device', 'isa-serial,chardev=serial0'];
}

function agentPort(config: Machine['config'], places: MachinePlaces): string[] {
  if (!hasAgent(config)) return [];
  const socket = `socket,id=agent,path=${optionValue(places.agent)},server=on,wait=off`;
  const port = 'virtserialport,bus=serial.0,chardev=agent,name=org.qemu.guest_agent.0';
  return ['-chardev', socket, '-device', 'virtio-serial-pci,id=serial', '-device', port];
}

/** `agent: 1` or `agent: enabled=1,…`. */
function hasAgent(config: Machine['config']): boolean {
  return readProperties(config.agent ?? '', 'enabled').enabled === '1';
}

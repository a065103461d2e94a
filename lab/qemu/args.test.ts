import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bootOrder } from '../boot-order.ts';
import type { Machine } from '../engine.ts';
import { machineArgs } from './args.ts';
import { machinePlaces } from './places.ts';

const places = { root: '/s', volumes: '/s/v', machines: '/s/m', network: '/s/n', sockets: '/s/k' };

test('a machine gets the processor, memory and disk of its configuration', () => {
  const config = {
    cores: '2',
    sockets: '2',
    memory: '4096',
    scsihw: 'virtio-scsi-pci',
    scsi0: 'local:100/vm-100-disk-0.qcow2',
  };

  const line = commandLine(config, { scsi0: '/s/v/disk.qcow2' });

  assert.match(line, /-smp 4,sockets=2,cores=2,maxcpus=4 -m 4096/);
  assert.match(
    line,
    /-device virtio-scsi-pci,id=scsi -drive file=\/s\/v\/disk\.qcow2,if=none,id=drive-scsi0,format=qcow2/,
  );
  assert.match(line, /-device scsi-hd,bus=scsi\.0,scsi-id=0,drive=drive-scsi0,id=scsi0,bootindex=100/);
});

test('an ISO on ide2 is a read-only CD drive on the second channel', () => {
  const config = { ide2: 'local:iso/seed.iso,media=cdrom', boot: 'order=scsi0;ide2' };

  const line = commandLine(config, { ide2: '/s/v/seed.iso' });

  assert.match(
    line,
    /format=raw,media=cdrom,readonly=on -device ide-cd,bus=ide\.1,unit=0,drive=drive-ide2,id=ide2,bootindex=101/,
  );
});

test('an empty CD drive has no drive behind it', () => {
  assert.match(commandLine({ ide2: 'none,media=cdrom' }), /-device ide-cd,bus=ide\.1,unit=0,id=ide2,bootindex=100/);
});

test('a network card hangs on the segment with its own address', () => {
  const line = commandLine({ net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0', boot: 'order=scsi0' });

  assert.match(line, /-netdev stream,id=net0,server=off,addr\.type=unix,addr\.path=\/s\/k\/switch/);
  assert.match(line, /-device virtio-net-pci,netdev=net0,id=net0-card,mac=BC:24:11:00:00:01,romfile=/);
});

test('a card whose link is down hangs on nothing', () => {
  const line = commandLine({ net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0,link_down=1' });

  assert.match(line, /-netdev hubport,id=net0,hubid=0/);
});

test('a serial number in base64 reaches the firmware with its commas doubled', () => {
  const serial = Buffer.from('ds=nocloud;s=http://10.77.0.1/a,b').toString('base64');

  const line = commandLine({ smbios1: `uuid=2f0c9e4e-7a32-4d6e-9d4e-0c4e6f6b5a01,serial=${serial},base64=1` });

  assert.match(
    line,
    /type=1,uuid=2f0c9e4e-7a32-4d6e-9d4e-0c4e6f6b5a01,serial=ds=nocloud;s=http:\/\/10\.77\.0\.1\/a,,b /,
  );
});

test('only a machine with the agent switched on gets its channel, and only one with a serial port a console', () => {
  const plain = commandLine({ agent: '0' });
  const full = commandLine({ agent: 'enabled=1,fstrim_cloned_disks=1', serial0: 'socket' });

  assert.doesNotMatch(plain, /guest_agent|isa-serial/);
  assert.match(full, /chardev=serial0.*name=org\.qemu\.guest_agent\.0/);
});

test('without a boot order the first disk comes first, then CD drives, then the network', () => {
  const order = bootOrder({
    ide2: 'none,media=cdrom',
    net0: 'virtio,bridge=vmbr0',
    scsi0: 'local:1',
    virtio1: 'local:2',
  });

  assert.deepEqual([...order.keys()], ['scsi0', 'ide2', 'net0']);
});

function commandLine(config: Machine['config'], files: Record<string, string> = {}): string {
  const machine: Machine = { vmid: 100, node: 'pve1', name: 'k8s', config, drives: {}, cloudInit: undefined };
  const options = {
    machine,
    places: machinePlaces(places, 100),
    accelerator: 'tcg',
    segment: '/s/k/switch',
    files,
  } as const;
  return `${machineArgs(options).join(' ')} `;
}

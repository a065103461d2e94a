import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSizeGiB, VmConfig } from './config.ts';

/** As 8.4 answered for a clone with a cloud-init drive. */
const clone = {
  boot: 'order=scsi0;net0',
  scsihw: 'virtio-scsi-pci',
  name: 'full-321',
  description: 'hello\nworld',
  agent: '1',
  memory: '512',
  kvm: 0,
  net0: 'virtio=BC:24:11:74:17:33,bridge=vmbr0,tag=5,firewall=1',
  net1: 'model=e1000,macaddr=bc:24:11:00:00:01',
  scsi0: 'local:321/vm-321-disk-0.qcow2,size=2252M',
  scsi10: 'fast:vm-321-disk-2,size=1T,discard=on',
  scsi2: 'fast:vm-321-disk-1,size=10G',
  efidisk0: 'local:321/vm-321-disk-9.qcow2,efitype=4m,size=528K',
  unused0: 'local:321/vm-321-disk-8.qcow2',
  ide2: 'local:321/vm-321-cloudinit.qcow2,media=cdrom,size=4M',
  ide0: 'none,media=cdrom',
  digest: '467bb4fd1d05f8c99abf4d587a06d6c0f1e18849',
  smbios1: 'uuid=e4fc06ec-c443-4c41-a67e-0b444afd75a6,serial=x',
  ipconfig0: 'ip=10.99.0.90/24,gw=10.99.0.1',
  cores: 2,
  sockets: '2',
  tags: 'ci;owner-u123',
  template: 1,
};

test('a configuration is read into our words', () => {
  const { raw, ...config } = VmConfig.parse(clone);

  assert.deepEqual(config, {
    name: 'full-321',
    description: 'hello\nworld',
    digest: '467bb4fd1d05f8c99abf4d587a06d6c0f1e18849',
    cores: 2,
    sockets: 2,
    memoryMiB: 512,
    nets: [
      { key: 'net0', model: 'virtio', mac: 'BC:24:11:74:17:33', bridge: 'vmbr0', vlan: 5 },
      { key: 'net1', model: 'e1000', mac: 'BC:24:11:00:00:01' },
    ],
    disks: [
      { key: 'scsi0', volid: 'local:321/vm-321-disk-0.qcow2', sizeGiB: 2.2 },
      { key: 'scsi2', volid: 'fast:vm-321-disk-1', sizeGiB: 10 },
      { key: 'scsi10', volid: 'fast:vm-321-disk-2', sizeGiB: 1024 },
    ],
    cdroms: [
      { key: 'ide0', volid: 'none' },
      { key: 'ide2', volid: 'local:321/vm-321-cloudinit.qcow2' },
    ],
    bootOrder: ['scsi0', 'net0'],
    bootDisk: 'scsi0',
    ipconfig: { 0: 'ip=10.99.0.90/24,gw=10.99.0.1' },
    template: true,
    protected: false,
    agent: true,
    tags: ['ci', 'owner-u123'],
    smbiosUuid: 'e4fc06ec-c443-4c41-a67e-0b444afd75a6',
  });
  assert.equal(raw.cores, '2');
});

test('a VM that is being copied shows little more than its lock', () => {
  const config = VmConfig.parse({ lock: 'clone', digest: 'x' });

  assert.deepEqual(
    [config.lock, config.name, config.cores, config.memoryMiB, config.disks, config.bootDisk, config.agent],
    ['clone', undefined, 1, 512, [], undefined, false],
  );
});

test('the boot disk is the first disk of the order, not a CD drive or network card before it', () => {
  const order = 'order=ide2;net0;scsi2;scsi0';

  assert.equal(VmConfig.parse({ ...clone, boot: order }).bootDisk, 'scsi2');
  assert.equal(VmConfig.parse({ ...clone, boot: 'cdn', bootdisk: 'scsi0' }).bootDisk, 'scsi0');
});

for (const [agent, on] of [
  ['1', true],
  ['enabled=1,fstrim_cloned_disks=1', true],
  ['0', false],
  ['enabled=0', false],
] as const) {
  test(`agent: ${agent} means ${on ? 'on' : 'off'}`, () => {
    assert.equal(VmConfig.parse({ agent }).agent, on);
  });
}

test('memory may be written as an option', () => {
  assert.equal(VmConfig.parse({ memory: 'current=4096' }).memoryMiB, 4096);
});

for (const [text, gib] of [
  ['528K', 0],
  ['512M', 0.5],
  ['40G', 40],
  ['2T', 2048],
  ['1073741824', 1],
  ['', 0],
] as const) {
  test(`"${text}" is ${gib} GiB`, () => {
    assert.equal(readSizeGiB(text), gib);
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { volumeFile } from './places.ts';

const places = { root: '/s', volumes: '/s/volumes', machines: '/s/m', network: '/s/n', sockets: '/s/k' };

test('volumes of the same name on two nodes are two files, on shared storage one', () => {
  const fileOn = (node: string | undefined) =>
    volumeFile(places, { volid: 'nfs:100/vm-100-disk-0.qcow2', storage: 'nfs', node });

  const files = ['pve1', 'pve2', undefined].map(fileOn);

  assert.deepEqual(files, [
    '/s/volumes/pve1/nfs/100/vm-100-disk-0.qcow2',
    '/s/volumes/pve2/nfs/100/vm-100-disk-0.qcow2',
    '/s/volumes/shared/nfs/100/vm-100-disk-0.qcow2',
  ]);
});

test('a volume name cannot lead out of its storage', () => {
  for (const name of ['../../../etc/passwd', 'iso/../../other/100', '']) {
    const volume = { volid: `local:${name}`, storage: 'local', node: 'pve1' };
    assert.throws(() => volumeFile(places, volume), /unable to parse volume ID/);
  }
});

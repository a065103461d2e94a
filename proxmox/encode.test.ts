import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { at, form } from './encode.ts';

test('a semicolon in a value is escaped, as Proxmox takes an open one for the end of a parameter', () => {
  assert.equal(form({ boot: 'order=scsi0;net0' }), 'boot=order%3Dscsi0%3Bnet0');
});

test('SSH keys arrive URL-encoded once after the form is decoded', () => {
  const keys = 'ssh-ed25519 AAAA+/= ana@home';

  const sent = form({ sshkeys: encodeURIComponent(keys) });

  assert.equal(sent, 'sshkeys=ssh-ed25519%2520AAAA%252B%252F%253D%2520ana%2540home');
  assert.equal(decodeURIComponent(new URLSearchParams(sent).get('sshkeys') ?? ''), keys);
});

test('booleans become 1 and 0, a list repeats its key, undefined is left out', () => {
  assert.equal(
    form({ full: false, purge: true, command: ['ls', '-l'], pool: undefined }),
    'full=0&purge=1&command=ls&command=-l',
  );
});

test('whatever text goes in comes out again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'binary' }), (key, value) => {
      const pairs = form({ [key]: value })
        .split('&')
        .map((pair) => pair.split('=').map(decodeURIComponent));

      assert.deepEqual(pairs, [[key.toWellFormed(), value.toWellFormed()]]);
    }),
  );
});

test('each value of a path is one segment', () => {
  const upid = 'UPID:pve1:0000012D:00086D2C:6B010F9E:qmclone:9000:root@pam!bot:';

  assert.equal(
    at`/nodes/${'pve1'}/tasks/${upid}/status`,
    '/nodes/pve1/tasks/UPID%3Apve1%3A0000012D%3A00086D2C%3A6B010F9E%3Aqmclone%3A9000%3Aroot%40pam!bot%3A/status',
  );
  assert.equal(at`/nodes/pve1/qemu/${100}`, '/nodes/pve1/qemu/100');
  assert.equal(at`/storage/${'a/b'}`, '/storage/a%2Fb');
});

test('an empty value or a step up would name another route, so it throws', () => {
  for (const value of ['', '.', '..']) assert.throws(() => at`/nodes/${value}/qemu`, TypeError);
});

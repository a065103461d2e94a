import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Outcome } from '#base/errors.ts';
import { classify } from './classify.ts';
import type { Kind } from './errors.ts';

type Row = readonly [text: string, kind: Kind, outcome: Outcome];

const said500: readonly Row[] = [
  ["Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist", 'missing', 'permanent'],
  ["unable to find configuration file for VM 999 on node 'pve1'", 'missing', 'permanent'],
  [
    "hostname lookup 'nope' failed - failed to get address info for: nope: Name or service not known",
    'missing',
    'permanent',
  ],
  ["no such cluster node 'pve9'", 'missing', 'permanent'],
  ["storage 'nope' does not exist", 'missing', 'permanent'],
  ["volume_size_info on 'local:iso/x.iso' failed - no format", 'missing', 'permanent'],
  ['unable to create VM 310: config file already exists', 'exists', 'permanent'],
  ["unable to create VM 303 - VM 303 already exists on node 'pve1'", 'exists', 'permanent'],
  ["close (rename) atomic file '/etc/pve/nodes/pve1/qemu-server/200.conf' failed: File exists", 'exists', 'permanent'],
  ['VM is locked (backup)', 'locked', 'passing'],
  ['VM is locked (clone)', 'locked', 'passing'],
  ["can't lock file '/var/lock/qemu-server/lock-410.conf' - got timeout", 'lock timeout', 'passing'],
  ["can't lock file '/var/lock/pve-manager/pve-storage-fast' - got timeout", 'lock timeout', 'passing'],
  ["cfs-lock 'storage-nas' error: got lock request timeout", 'lock timeout', 'passing'],
  ["'storage-nas'-locked command timed out - aborting", 'lock timeout', 'unknown'],
  ['got no worker upid - start worker failed', 'busy', 'passing'],
  ["only root can set 'args' config", 'root only', 'permanent'],
  [
    'Only root can pass arbitrary filesystem paths. at /usr/share/perl5/PVE/Storage.pm line 581.',
    'root only',
    'permanent',
  ],
  ['checksum mismatch (file change by other user?)', 'digest', 'permanent'],
  ["can't remove VM 100 - protection mode enabled", 'protected', 'permanent'],
  ['unable to remove VM 100 - used in HA resources and purge parameter not set.', 'in use', 'permanent'],
  ['No QEMU guest agent configured', 'agent not configured', 'permanent'],
  ['QEMU guest agent is not running', 'agent down', 'passing'],
  ['VM 400 is not running', 'vm down', 'permanent'],
  ['VM 400 not running', 'vm down', 'permanent'],
  ['VM 400 is running - destroy failed', 'running', 'permanent'],
  ["you can't convert a VM to template if VM is running", 'running', 'permanent'],
  ["you can't convert a template to a template", 'unsupported', 'permanent'],
  ["can't clone VM to node 'pve2' (VM uses local storage)", 'unsupported', 'permanent'],
  ["parameter 'storage' not allowed for linked clones", 'unsupported', 'permanent'],
  ['cluster not ready - no quorum?', 'no quorum', 'passing'],
  ["unable to open file '/etc/pve/nodes/pve1/qemu-server/1.conf.tmp.2' - Permission denied", 'no quorum', 'passing'],
  ['no options specified', 'validation', 'permanent'],
  ['something that nobody has seen yet', 'other', 'permanent'],
];

const exitStatuses: readonly Row[] = [
  ['unable to create VM 600: config file already exists', 'exists', 'permanent'],
  ['VM is locked (backup)', 'locked', 'passing'],
  ["can't lock file '/var/lock/qemu-server/lock-500.conf' - got timeout", 'lock timeout', 'passing'],
  ['VM 400 already running', 'running', 'permanent'],
  ['shrinking disks is not supported', 'unsupported', 'permanent'],
  ['VM quit/powerdown failed - got timeout', 'guest timeout', 'permanent'],
  ["base volume 'local:9000/base-9000-disk-0.qcow2' is still in use by linked cloned", 'in use', 'permanent'],
  ["checksum mismatch: got '3f4b' != expect '0000'", 'image', 'permanent'],
  ['download failed: exit code 8', 'image', 'permanent'],
  ['download failed: exit code 4', 'image', 'passing'],
  ["refusing to override existing file '/var/lib/vz/template/iso/dl.iso'", 'exists', 'permanent'],
  ['start failed: QEMU exited with code 1', 'start failed', 'permanent'],
  ["start failed: command '/usr/bin/kvm -id 100' failed: got timeout", 'unknown outcome', 'unknown'],
  ["bridge 'vmbr77' does not exist", 'missing', 'permanent'],
  ["storage 'tiny' is disabled", 'storage', 'permanent'],
  ['unexpected status', 'unknown outcome', 'unknown'],
  ['command interrupted by signal 15', 'unknown outcome', 'unknown'],
  ['', 'unknown outcome', 'unknown'],
];

describe('a text means the same in an answer and as a task’s exit status', () => {
  for (const [text, kind, outcome] of said500) {
    test(`500 ${text}`, () => {
      assert.deepEqual(classify({ status: 500, text, changes: true }), { kind, outcome });
    });
  }
  for (const [text, kind, outcome] of exitStatuses) {
    test(`task: ${text || 'no exit status'}`, () => {
      assert.deepEqual(classify({ text, changes: true }), { kind, outcome });
    });
  }
});

const statuses: readonly (readonly [number, string, Kind, Outcome])[] = [
  [401, 'No ticket', 'auth', 'permanent'],
  [401, 'Authentication failed!', 'auth', 'permanent'],
  [403, 'Permission check failed (/vms/9000, VM.Clone)', 'permission', 'permanent'],
  [403, "Permission check failed (pool 'nopool' does not exist)", 'missing', 'permanent'],
  [400, 'Bad Request', 'validation', 'permanent'],
  [501, "Method 'GET /nope' not implemented", 'unsupported', 'permanent'],
  [506, "upload 'Content-Type 'text/plain' not implemented", 'unsupported', 'permanent'],
  [503, 'Service Unavailable', 'busy', 'passing'],
  [595, 'No route to host', 'node down', 'passing'],
  [596, 'Connection timed out', 'unknown outcome', 'unknown'],
  [502, 'Bad Gateway', 'unknown outcome', 'unknown'],
];

describe('some statuses say it all', () => {
  for (const [status, text, kind, outcome] of statuses) {
    test(`${status} ${text}`, () => {
      assert.deepEqual(classify({ status, text, changes: true }), { kind, outcome });
    });
  }
});

test('of a 400 its fields decide', () => {
  const kindOf = (fields: Record<string, string>) =>
    classify({ status: 400, text: 'Parameter verification failed.', fields, changes: true }).kind;

  assert.equal(kindOf({ vmid: 'VM 9000 already exists' }), 'exists');
  assert.equal(kindOf({ upid: 'no such task' }), 'missing');
  assert.equal(kindOf({ skiplock: 'Only root may use this option.' }), 'root only');
  assert.equal(kindOf({ cores: "type check ('integer') failed - got 'abc'" }), 'validation');
});

test('a read is never of unknown outcome: it may simply be made again', () => {
  assert.equal(classify({ status: 596, text: 'Connection timed out', changes: false }).outcome, 'passing');
});

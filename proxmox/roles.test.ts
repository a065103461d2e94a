import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Permissions, Version } from './nodes.ts';
import { missingPrivileges, requiredPrivileges } from './roles.ts';
import { settingsFor } from './server-for-tests.ts';

const settings = (more: object = {}) => settingsFor([{ url: 'https://pve1:8006', fingerprint: 'AB'.repeat(32) }], more);
const version = (release: string): Version => {
  const [major = 0, minor = 0] = release.split('.').map(Number);
  return { version: `${release}.1`, release, major, minor };
};

/** `VM.Clone on /vms`, one for each that is missing. */
function missingWords(permissions: Permissions, ...asked: Parameters<typeof requiredPrivileges>): string[] {
  return missingPrivileges(permissions, requiredPrivileges(...asked)).flatMap(({ paths, privileges }) =>
    privileges.map((privilege) => `${privilege} on ${paths.join(' or ')}`),
  );
}

/** Everything that is asked for, at each first path. */
function allOf(asked: ReturnType<typeof requiredPrivileges>): Record<string, Record<string, boolean>> {
  const given: Record<string, Record<string, boolean>> = {};
  for (const { paths, privileges } of asked) {
    const [path = ''] = paths;
    given[path] = { ...given[path], ...Object.fromEntries(privileges.map((privilege) => [privilege, false])) };
  }
  return given;
}

for (const release of ['7.4', '8.1', '8.4', '9.2']) {
  test(`with everything that ${release} asks for nothing is missing`, () => {
    assert.deepEqual(
      missingWords(allOf(requiredPrivileges(settings(), version(release))), settings(), version(release)),
      [],
    );
  });
}

test('the privilege for the guest agent has another name since 9', () => {
  const missing = (release: string) => missingWords({}, settings(), version(release));

  assert.ok(missing('8.4').includes('VM.Monitor on /vms'));
  assert.ok(missing('9.0').includes('VM.GuestAgent.Audit on /vms'));
  assert.ok(!missing('9.0').some((one) => one.startsWith('VM.Monitor')));
});

test('what is missing is named with its place', () => {
  const given = allOf(requiredPrivileges(settings(), version('9.2')));
  delete given['/vms']?.['VM.Clone'];
  delete given['/storage/local'];
  delete given['/sdn/zones/localnetwork/vmbr0'];

  assert.deepEqual(missingWords(given, settings(), version('9.2')), [
    'VM.Clone on /vms',
    'Datastore.AllocateTemplate on /storage/local',
    'Datastore.Allocate on /storage/local',
    'Datastore.Audit on /storage/local',
    'SDN.Use on /sdn/zones/localnetwork/vmbr0',
  ]);
});

test('a right above counts only when it is passed on, and the nearest path decides', () => {
  const asked = (given: Permissions) =>
    missingWords(given, settings(), version('9.2')).filter((one) => one.startsWith('Sys.Audit'));

  assert.deepEqual(asked({ '/': { 'Sys.Audit': true } }), []);
  assert.deepEqual(asked({ '/': { 'Sys.Audit': false } }), ['Sys.Audit on /nodes']);
  assert.deepEqual(asked({ '/': { 'Sys.Audit': true }, '/nodes': { 'Sys.Console': true } }), ['Sys.Audit on /nodes']);
});

test('with a pool, rights on the pool do', () => {
  const pooled = settings({ pool: 'bots', nodes: ['pve2'] });
  const paths = requiredPrivileges(pooled, version('9.2')).map((need) => need.paths[0]);

  assert.ok(paths.includes('/pool/bots') && !paths.includes('/vms'));
  assert.ok(missingWords({}, pooled, version('9.2')).includes('VM.Clone on /pool/bots'));
  assert.ok(missingWords({}, pooled, version('9.2')).includes('Sys.Audit on /nodes/pve2'));
});

test('a bridge may be a network of another SDN zone, and a VLAN has a place of its own', () => {
  const missing = (given: Permissions, more: object) =>
    missingWords(given, settings(more), version('9.2')).filter((one) => one.startsWith('SDN'));

  assert.deepEqual(missing({ '/sdn/zones/lab/vnet1': { 'SDN.Use': false } }, { bridge: 'vnet1' }), []);
  assert.deepEqual(missing({ '/sdn/zones/localnetwork/vmbr0/5': { 'SDN.Use': false } }, { vlan: 5 }), []);
  assert.deepEqual(missing({ '/sdn/zones/localnetwork/vmbr0/6': { 'SDN.Use': true } }, { vlan: 5 }), [
    'SDN.Use on /sdn/zones/localnetwork/vmbr0 or /sdn/zones/localnetwork/vmbr0/5',
  ]);
});

test('the roles in docs/proxmox.md have just what is asked for', () => {
  const text = readFileSync(join(import.meta.dirname, '../docs/proxmox.md'), 'utf8').replaceAll('\\\n', ' ');
  const [nine = '', eight = '', ...others] = [...text.matchAll(/^pveum role add \w+ +-privs "([^"]+)"/gm)].map(
    ([, list = '']) => list,
  );
  const documented = (vm: string) => [vm, ...others].flatMap((list) => list.split(/\s+/)).sort();
  const asked = (release: string) =>
    requiredPrivileges(
      settings({ storages: { disks: 'local-lvm', images: 'local', seeds: 'local' } }),
      version(release),
    )
      .flatMap(({ privileges }) => privileges)
      .sort();

  assert.deepEqual([documented(nine), documented(eight)], [asked('9.2'), asked('8.4')]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalFingerprint } from './fingerprint.ts';
import { ClusterSettings } from './settings.ts';

const bytes = Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, '0'));
const fingerprint = bytes.join(':').toUpperCase();

const right = {
  name: 'home',
  hosts: ['https://pve1.example:8006/#v1'],
  token: { id: 'botswain@pve!bot', secret: '6f1c2f0e-92b4-4d5a-8b1e-0c7a3e5d9f42' },
  tls: { fingerprints: [bytes.join('')] },
  storages: { disks: 'fast', images: 'local', seeds: 'local' },
};

test('what is left out of a cluster has a value', () => {
  const settings = ClusterSettings.parse(right);

  assert.deepEqual(settings, {
    ...right,
    hosts: ['https://pve1.example:8006'],
    tls: { fingerprints: [fingerprint] },
    vmids: { from: 5000, to: 5999 },
    quarantine: '1h',
    bridge: 'vmbr0',
    cpu: 'x86-64-v2-AES',
    nodeTimeout: '5s',
    slots: { linkedClones: 2, fullClones: 1, downloads: 1 },
    memoryReserve: 0.1,
  });
});

for (const text of [
  fingerprint,
  fingerprint.toLowerCase(),
  bytes.join(''),
  `SHA256:${fingerprint}`,
  `sha256 Fingerprint=${fingerprint}`,
]) {
  test(`a fingerprint may be written ${text.slice(0, 18)}…`, () => {
    assert.equal(normalFingerprint(text), fingerprint);
  });
}

const wrong: readonly (readonly [string, object, RegExp])[] = [
  [
    'an http address',
    { hosts: ['http://pve1:8006'] },
    /hosts\.0: "http:\/\/pve1:8006" must be an https address, such as https:/,
  ],
  ['no address', { hosts: [] }, /^hosts: /],
  [
    'a token without its name',
    { token: { id: 'bot@pve', secret: 'x' } },
    /token\.id: must be USER@REALM!NAME, such as botswain@pve!bot/,
  ],
  [
    'a secret with a line break in it',
    { token: { id: 'bot@pve!test', secret: 'aaaa\n' } },
    /^token\.secret: is the UUID that Proxmox showed once/,
  ],
  [
    'a fingerprint that is too short',
    { tls: { fingerprints: ['AA:BB'] } },
    /fingerprints\.0: a SHA-256 fingerprint has 32 bytes/,
  ],
  ['switched-off checks', { tls: 'insecure' }, /^tls: must be `system`, `fingerprints:`/],
  ['a CA that is no certificate', { tls: { ca: 'hello' } }, /^tls\.ca: must be the text of a CA certificate in PEM/],
  [
    'a range of VMIDs that ends before it begins',
    { vmids: { from: 200, to: 100 } },
    /^vmids: must not end before it begins/,
  ],
  ['a time without a unit', { quarantine: '60' }, /^quarantine: must be a length of time, such as 90s/],
];

for (const [what, part, complaint] of wrong) {
  test(`${what} is refused with a sentence that helps`, () => {
    const issues = ClusterSettings.safeParse({ ...right, ...part }).error?.issues ?? [];

    assert.match(issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'), complaint);
  });
}

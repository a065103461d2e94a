import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labOnlyComplaints } from './lab-only.ts';

const at = (...hosts: string[]) => [{ hosts }] as unknown as Parameters<typeof labOnlyComplaints>[0]['clusters'];
const pick = { signIn: 'pick', host: '127.0.0.1', port: 8080 } as const;

for (const [what, hosts, web, complaint] of [
  [
    'signIn: pick beside a real cluster',
    ['https://pve1.corp.lan:8006'],
    pick,
    /^web\.signIn lets anybody act as anybody/,
  ],
  ['one real node among others', ['https://127.0.0.1:1', 'https://10.0.0.5:8006'], pick, /10\.0\.0\.5/],
  ['a name that only begins like loopback', ['https://127.0.0.1.evil.net'], pick, /127\.0\.0\.1\.evil\.net/],
  [
    'signIn: pick for the whole network',
    ['https://127.0.0.1:1'],
    { ...pick, host: '0.0.0.0' },
    /^web\.host is 0\.0\.0\.0/,
  ],
] as const) {
  test(`what only the lab may is refused: ${what}`, () => {
    const [first, ...more] = labOnlyComplaints({ clusters: at(...hosts), web });

    assert.match(`${first?.path.join('.')} ${first?.message}`, complaint);
    assert.deepEqual(more, []);
  });
}

test('the lab on this machine may', () => {
  const clusters = at('https://127.0.0.1:39011', 'https://[::1]:8006', 'https://localhost:8006');

  assert.deepEqual(labOnlyComplaints({ clusters, web: pick }), []);
});

test('a token does not go unencrypted to another address', () => {
  const slack = { apiUrl: 'http://slack.internal/api/' } as Parameters<typeof labOnlyComplaints>[0]['slack'];
  const [complaint] = labOnlyComplaints({ clusters: at('https://127.0.0.1:1'), web: pick, slack });

  assert.deepEqual(complaint?.path, ['slack', 'apiUrl']);
});

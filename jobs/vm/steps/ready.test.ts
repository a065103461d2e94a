import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import type { World } from '#jobs/engine/world.ts';
import { openAddressIndex } from '#proxmox/claims/address-index.ts';
import { openClaims } from '#proxmox/claims.ts';
import { type Reply, settingsFor, startSetting } from '#proxmox/server-for-tests.ts';
import { freshRedis } from '#test/redis.ts';
import { findAddress } from './ready.ts';

const mac = 'BC:24:11:FA:8E:C5';
const vm = { vmid: 500, node: 'pve1', name: 'k8s-dev', mac };

/** What the agent says of a card that has these addresses. */
function having(...addresses: string[]): Reply {
  const card = { 'hardware-address': mac, 'ip-addresses': addresses.map((one) => ({ 'ip-address': one })) };
  return { body: { data: { result: [card] } } };
}

/** Looks for the address of a VM whose agent answers with these replies in turn, the last one again and again. */
async function lookFor(expected: string | null, ...replies: [Reply, ...Reply[]]) {
  let asked = 0;
  await using setting = await startSetting(() => replies[Math.min(asked++, replies.length - 1)] ?? replies[0]);
  const { url, prefix } = await freshRedis();
  using made = new DisposableStack();
  const redis = new Redis(url);
  made.defer(() => redis.disconnect());
  const claims = openClaims(redis, { prefix, cluster: 'home' });
  const addresses = openAddressIndex(redis, { prefix, cluster: 'home' });
  const settings = settingsFor([{ url: 'https://pve1:8006', fingerprint: 'AB'.repeat(32) }]);
  const world = {
    runId: 'r-1',
    cluster: { name: 'home', api: setting.api, claims, addresses, settings },
    settings: { create: { ready: { address: '10s' } } },
    clock: setting.clock,
    signal: new AbortController().signal,
  } as unknown as World;
  const found = await findAddress.run(world, { ...vm, expected });
  return { ...found, afterMs: setting.clock.now() };
}

test('of a card with both, the IPv4 address is the VM’s, also when it comes later', async () => {
  const v6 = having('fe80::1', '2001:db8::5');

  const { address, afterMs } = await lookFor(null, v6, v6, v6, having('2001:db8::5', '10.77.0.150'));

  assert.equal(address, '10.77.0.150');
  assert.ok(afterMs < 5000);
});

test('an IPv6 address is taken once half of the time is over without an IPv4 one', async () => {
  const { address, afterMs } = await lookFor(null, having('2001:db8::5'));

  assert.equal(address, '2001:db8::5');
  assert.ok(afterMs >= 5000 && afterMs < 10_000);
});

test('an IPv6 address that is expected is taken at once', async () => {
  const { address, afterMs } = await lookFor('2001:db8::5', having('2001:db8::5'));

  assert.deepEqual([address, afterMs], ['2001:db8::5', 0]);
});

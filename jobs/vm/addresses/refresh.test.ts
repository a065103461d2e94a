import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import { openAddressIndex } from '#proxmox/claims/address-index.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import { type Heard, no, type Reply, startSetting } from '#proxmox/server-for-tests.ts';
import { freshRedis } from '#test/redis.ts';
import { refreshOnce } from './refresh.ts';

const { signal } = new AbortController();

/** A cluster of VMs, by number with their configuration, and the calls that it heard. */
async function startWith(vms: Map<number, Record<string, string>>, away: Record<string, Reply | Promise<Reply>> = {}) {
  const answer = ({ path }: Heard): Reply | Promise<Reply> => {
    if (path === '/cluster/resources') {
      const rows = [...vms].map(([vmid, { name }]) => ({
        ...{ type: 'qemu', vmid, name, status: 'running' },
        node: vmid < 200 ? 'pve1' : 'pve2',
      }));
      return { body: { data: rows } };
    }
    const instead = away[path.split('/')[2] ?? ''];
    if (instead) return instead;
    const config = vms.get(Number(/\/qemu\/(\d+)\/config$/.exec(path)?.[1]));
    return config ? { body: { data: { digest: 'x', ...config } } } : no(500, "Configuration file 'x' does not exist");
  };
  await using made = new AsyncDisposableStack();
  const { url, prefix } = await freshRedis();
  const redis = new Redis(url);
  made.defer(() => redis.disconnect());
  const setting = made.use(await startSetting(answer));
  const addresses = openAddressIndex(redis, { prefix, cluster: 'lab' });
  const settings = { vmids: { from: 9000, to: 9999 }, nodeTimeout: '300ms' };
  const cluster = { name: 'lab', api: setting.api, addresses, settings } as unknown as Cluster;
  const all = made.move();
  return {
    addresses,
    round: (mostReads: number) => refreshOnce(cluster, mostReads, setting.clock, signal),
    reads: () => setting.server.heard.splice(0).flatMap(({ path }) => /\/qemu\/(\d+)\/config$/.exec(path)?.[1] ?? []),
    sleep: () => setting.clock.sleep(1),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

test('a round reads only so many configurations, and the next one goes on where it ended', async () => {
  const vms = new Map([100, 101, 102].map((vmid) => [vmid, { name: `vm-${vmid}`, ipconfig0: `ip=10.0.0.${vmid}/24` }]));
  await using setting = await startWith(vms);

  await setting.sleep();
  await setting.round(2);
  const first = setting.reads();
  await setting.sleep();
  await setting.round(2);

  assert.deepEqual(
    [first, setting.reads()],
    [
      ['100', '101'],
      ['102', '100'],
    ],
  );
  const seen = (await setting.addresses.configured()).flatMap(({ addresses }) => addresses).sort();
  assert.deepEqual(seen, ['10.0.0.100', '10.0.0.101', '10.0.0.102']);
});

test('a number that another VM has got since is read first, and one that is gone is forgotten', async () => {
  const vms = new Map([100, 101, 102].map((vmid) => [vmid, { name: `vm-${vmid}`, ipconfig0: 'ip=dhcp' }]));
  await using setting = await startWith(vms);
  await setting.sleep();
  await setting.round(9);
  await setting.addresses.putReached({ vmid: 100, name: 'vm-100', node: 'pve1', address: '10.0.0.9', mac: 'AA' });
  setting.reads();

  vms.delete(100);
  vms.set(102, { name: 'another', ipconfig0: 'ip=10.0.0.7/24,ip6=2001:DB8:0::7/64' });
  await setting.round(1);

  assert.deepEqual(setting.reads(), ['102']);
  const seen = (await setting.addresses.configured()).map(({ vmid, addresses }) => [vmid, ...addresses]);
  assert.deepEqual(
    seen.sort(([a = 0], [b = 0]) => Number(a) - Number(b)),
    [[101], [102, '10.0.0.7', '2001:db8::7']],
  );
  assert.deepEqual(await setting.addresses.reached({ address: '10.0.0.9' }), []);
});

test('VMs are found by address, MAC address or host key, as they were reached last', async () => {
  await using setting = await startWith(new Map());
  const { addresses } = setting;
  const vm = { vmid: 100, name: 'a', node: 'pve1', address: '10.0.0.1', mac: 'AA:BB', hostKey: 'SHA256:x+/y' };
  await addresses.putReached(vm);
  await addresses.putReached({ ...vm, vmid: 101, address: '10.0.0.12', mac: 'AA:CC', hostKey: 'SHA256:z' });

  await addresses.putReached({ ...vm, address: '10.0.0.3' });

  const found = async (traits: Parameters<typeof addresses.reached>[0]) =>
    (await addresses.reached(traits)).map(({ vmid }) => vmid);
  assert.deepEqual(await found({ address: '10.0.0.1' }), []);
  assert.deepEqual(await found({ address: '10.0.0.3', hostKey: 'SHA256:z' }), [100, 101]);
  assert.deepEqual(await found({ mac: 'AA:BB' }), [100]);
});

for (const [how, reply] of [
  ['is off', { status: 595, reason: 'No route to host', body: '' }],
  ['hangs', new Promise<Reply>(() => undefined)],
] as const) {
  test(`a node that ${how} keeps no VM of another from the index`, async () => {
    const vms = new Map([100, 101, 200, 201].map((vmid) => [vmid, { name: `vm-${vmid}`, ipconfig0: 'ip=dhcp' }]));
    await using setting = await startWith(vms, { pve1: reply });
    await setting.sleep();

    await setting.round(9);

    const seen = (await setting.addresses.configured()).map(({ vmid }) => vmid).sort();
    assert.deepEqual(seen, [200, 201]);
  });
}

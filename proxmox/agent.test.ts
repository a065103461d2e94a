import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AgentAnswer, pingAgent, readAddresses } from './agent.ts';
import { agentExec, agentExecStatus, agentFileRead } from './agent-exec.ts';
import type { Api } from './api.ts';
import type { Cluster } from './cluster.ts';
import { failing, no, type Reply, settingsFor, startSetting } from './server-for-tests.ts';

const { signal } = new AbortController();
const data = (value: unknown): Reply => ({ body: { data: value } });

/** A cluster whose one probe place per node is free, or taken; `given` counts how often it was given back. */
function clusterOf(api: Api, free = true): { cluster: Cluster; given: () => number } {
  let given = 0;
  const place = { [Symbol.asyncDispose]: async () => void given++ };
  const claims = { probe: async () => (free ? place : undefined) } as unknown as Cluster['claims'];
  const settings = settingsFor([{ url: 'https://pve1:8006', fingerprint: 'AB'.repeat(32) }]);
  const addresses = {} as Cluster['addresses'];
  return { cluster: { name: 'home', api, claims, addresses, settings }, given: () => given };
}

const answers: readonly (readonly [Reply, AgentAnswer])[] = [
  [data({ result: {} }), 'answers'],
  [no(500, 'QEMU guest agent is not running'), 'silent'],
  [no(500, 'No QEMU guest agent configured'), 'not configured'],
  [no(500, 'VM 400 is not running'), 'vm down'],
  [no(500, "can't lock file '/var/lock/qemu-server/lock-400.conf' - got timeout"), 'silent'],
  [{ status: 596, reason: 'Broken pipe', body: '' }, 'silent'],
];

for (const [reply, answer] of answers) {
  test(`a ping that is answered by ${reply.reason ?? 'a result'} means: ${answer}`, async () => {
    await using setting = await startSetting(() => reply);
    const { cluster, given } = clusterOf(setting.api);

    assert.equal(await pingAgent(cluster, 'pve1', 400, signal), answer);
    assert.equal(given(), 1);
  });
}

test('while another agent of the node is being asked, none is', async () => {
  await using setting = await startSetting(() => data({ result: {} }));
  const { cluster } = clusterOf(setting.api, false);

  assert.equal(await pingAgent(cluster, 'pve1', 400, signal), 'busy');
  assert.deepEqual(await readAddresses(cluster, 'pve1', 400, 'bc:24:11:fa:8e:c5', signal), []);
  assert.equal(setting.server.heard.length, 0);
});

test('a ping says nothing about an agent when the right to ask is missing', async () => {
  await using setting = await startSetting(() => no(403, 'Permission check failed (/vms/400, VM.GuestAgent.Audit)'));

  const error = await failing(pingAgent(clusterOf(setting.api).cluster, 'pve1', 400, signal));

  assert.equal(error.message, 'the API token bot@pve!test lacks VM.GuestAgent.Audit on /vms/400');
});

test('addresses are those of the card with the MAC that others can reach, IPv4 first', async () => {
  const address = (text: string) => ({ 'ip-address': text, 'ip-address-type': 'x', prefix: 64 });
  const result = [
    { name: 'lo', 'hardware-address': '00:00:00:00:00:00', 'ip-addresses': [address('127.0.0.1'), address('::1')] },
    { name: 'docker0', 'hardware-address': '02:42:11:22:33:44', 'ip-addresses': [address('172.17.0.1')] },
    {
      name: 'eth0',
      'hardware-address': 'bc:24:11:fa:8e:c5',
      'ip-addresses': ['fe80::be24:11ff:fefa:8ec5', '2001:db8::5', '169.254.3.4', '10.99.0.150'].map(address),
    },
    { name: 'wg0' },
  ];
  await using setting = await startSetting(() => data({ result }));

  const found = await readAddresses(clusterOf(setting.api).cluster, 'pve1', 500, 'BC:24:11:FA:8E:C5', signal);

  assert.deepEqual(found, ['10.99.0.150', '2001:db8::5']);
});

test('a silent agent has no addresses, and is asked once only', async () => {
  await using setting = await startSetting(() => no(500, 'QEMU guest agent is not running'));

  assert.deepEqual(await readAddresses(clusterOf(setting.api).cluster, 'pve1', 500, 'BC:24:11:FA:8E:C5', signal), []);
  assert.equal(setting.server.heard.length, 1);
});

test('a program in the guest gets its arguments one by one, and its end is read', async () => {
  const replies = [data({ pid: 504 }), data({ exited: 1, exitcode: 3, 'err-data': 'bad\n', 'err-truncated': 0 })];
  await using setting = await startSetting(() => replies.shift() ?? {});

  const pid = await agentExec(setting.api, 'pve1', 500, ['/bin/sh', '-c', 'exit 3']);
  const status = await agentExecStatus(setting.api, 'pve1', 500, pid);

  assert.equal(setting.server.heard[0]?.body, 'command=%2Fbin%2Fsh&command=-c&command=exit%203');
  assert.deepEqual(status, { exited: true, code: 3, stdout: '', stderr: 'bad\n' });
});

test('a file of the guest is read', async () => {
  await using setting = await startSetting(() => data({ 'bytes-read': 6, content: 'hello\n' }));

  assert.equal(await agentFileRead(setting.api, 'pve1', 500, '/etc/hostname', 1024), 'hello\n');
});

test('the address of a bridge, bond or VLAN on a card is the card’s: all have its MAC address', async () => {
  const mac = 'bc:24:11:fa:8e:c5';
  const named = (name: string, ...addresses: string[]) => ({
    ...{ name, 'hardware-address': mac },
    'ip-addresses': addresses.map((one) => ({ 'ip-address': one })),
  });
  const result = [named('eth0', 'fe80::1'), named('br0', '10.0.0.7', '10.0.0.8'), named('br0.5', '10.0.0.7')];
  await using setting = await startSetting(() => data({ result }));
  const { cluster } = clusterOf(setting.api);

  const addresses = await readAddresses(cluster, 'pve1', 400, mac.toUpperCase(), signal);

  assert.deepEqual(addresses, ['10.0.0.7', '10.0.0.8']);
});

test('an agent that floods is named with its VM, and is not asked again', async () => {
  const mac = 'bc:24:11:fa:8e:c5';
  const addresses = Array.from({ length: 100_000 }, (_, at) => ({ 'ip-address': `10.0.${at >> 8}.${at & 255}` }));
  const reply = (some: typeof addresses) => data({ result: [{ 'hardware-address': mac, 'ip-addresses': some }] });
  await using flooding = await startSetting(() => reply(addresses));
  await using many = await startSetting(() => reply(addresses.slice(0, 1000)));

  const error = await failing(readAddresses(clusterOf(flooding.api).cluster, 'pve1', 400, mac, signal));
  const found = await readAddresses(clusterOf(many.api).cluster, 'pve1', 400, mac, signal);

  assert.equal(error.message, 'the guest agent of VM 400 floods: what it says of its network is longer than 2 MiB');
  assert.deepEqual([error.outcome, flooding.server.heard.length], ['permanent', 1]);
  assert.equal(found.length, 64);
});

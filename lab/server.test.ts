import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { apiForTests } from './api-for-tests.ts';
import { send } from './golden-replay.ts';
import { startLab } from './start.ts';

const template = { vmid: 9000, name: 'ubuntu-24.04' };

describe('the API server', () => {
  test('says why a login failed in the reason phrase alone', async () => {
    await using lab = await startLab();
    const version = (headers: Record<string, string>) => send(lab, 'GET', '/api2/json/version', headers);
    const token = (text: string) => version({ authorization: `PVEAPIToken=${text}` });

    const answers = [await version({}), await token(`${lab.token.id}=wrong`), await token('ghost@pve!x=y')];

    assert.deepEqual(answers, [
      { status: 401, reason: 'No ticket', body: '' },
      { status: 401, reason: 'Authentication failed!', body: '' },
      { status: 401, reason: 'Authentication failed!', body: '' },
    ]);
  });

  test('holds a refused login back', async () => {
    await using lab = await startLab({ authDelayMs: 60 });
    const before = performance.now();

    await send(lab, 'GET', '/api2/json/version', {});

    assert.ok(performance.now() - before >= 55);
  });

  test('wants its DELETE parameters in the query, and bodies of known length', async () => {
    await using lab = await startLab();
    const authorization = `PVEAPIToken=${lab.token.id}=${lab.token.secret}`;
    const form = { authorization, 'content-type': 'application/x-www-form-urlencoded' };

    const withBody = await send(
      lab,
      'DELETE',
      '/api2/json/nodes/pve1/qemu/100',
      { ...form, 'content-length': 7 },
      'purge=1',
    );
    const chunked = await send(
      lab,
      'POST',
      '/api2/json/nodes/pve1/qemu',
      { ...form, 'transfer-encoding': 'chunked' },
      'vmid=100',
    );
    const plain = await send(
      lab,
      'POST',
      '/api2/json/nodes/pve1/qemu',
      { authorization, 'content-type': 'text/plain', 'content-length': 8 },
      'vmid=100',
    );

    assert.deepEqual([withBody.status, withBody.body], [501, "Unexpected content for method 'DELETE'\n"]);
    assert.deepEqual([chunked.status, chunked.body], [501, 'chunked transfer encoding not supported\n']);
    assert.equal(plain.status, 506);
  });

  test('answers a missing VM with a task that fails where Proxmox does so', async () => {
    await using lab = await startLab();
    const api = apiForTests(lab);

    const exits = [
      await api.task('POST', '/nodes/pve1/qemu/999/status/start'),
      await api.task('POST', '/nodes/pve1/qemu/999/status/stop'),
      await api.task('PUT', '/nodes/pve1/qemu/999/resize', { disk: 'scsi0', size: '+1G' }),
    ];

    assert.deepEqual(exits, [
      "Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist",
      "unable to find configuration file for VM 999 on node 'pve1'",
      "Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist",
    ]);
  });

  test('says 595 for a node that is gone, and lists it as offline', async () => {
    await using lab = await startLab();
    const gone = lab.state.nodes[1];
    assert.ok(gone);
    gone.online = false;
    const api = apiForTests(lab);

    const answer = await api.call('GET', '/nodes/pve2/qemu');

    assert.deepEqual(answer, { status: 595, reason: 'No route to host', body: '' });
    const nodes = await api.get<{ node: string; status: string }[]>('/nodes');
    assert.deepEqual(
      nodes.map(({ node, status }) => `${node} ${status}`),
      ['pve1 online', 'pve2 offline'],
    );
  });

  test('shows a token without rights empty lists instead of refusals', async () => {
    await using lab = await startLab({ templates: [template] });
    const made = await apiForTests(lab).call('POST', '/access/users/botswain@pve/token/bare', { privsep: 1 });
    const { value } = (made.body as { data: { value: string } }).data;
    const bare = apiForTests(lab, `botswain@pve!bare=${value}`);

    assert.deepEqual(await bare.get('/nodes/pve1/qemu'), []);
    assert.deepEqual(await bare.get('/access/permissions'), {});
    const config = await bare.call('GET', '/nodes/pve1/qemu/9000/config');
    assert.deepEqual([config.status, config.reason], [403, 'Permission check failed (/vms/9000, VM.Audit)']);
  });
});

test('plain HTTP on the TLS port is sent elsewhere', async () => {
  await using lab = await startLab();

  const answer = await fetch(lab.url.replace('https', 'http'), { redirect: 'manual' });

  assert.equal(answer.status, 301);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { badParameters, failing, no, type Reply, startSetting } from './server-for-tests.ts';
import { Done } from './shapes.ts';

const Text = z.string();

test('a refused token is named by its id, never by its secret', async () => {
  await using setting = await startSetting(() => ({ status: 401, reason: 'Authentication failed!', body: '' }));

  const error = await failing(setting.api.get('/nodes', Text));

  assert.equal(error.message, 'the API token bot@pve!test was refused (Authentication failed!)');
  assert.match(error.hint ?? '', /token\.id and token\.secret of cluster home/);
  assert.doesNotMatch(JSON.stringify(error) + error.stack, /5f0c7c1e-3d0b-4a57-9c1d-7be2a2f1c9e4/);
  assert.equal(setting.server.heard.length, 1);
});

test('a missing privilege is named with its path', async () => {
  const answer = no(403, 'Permission check failed (/storage/local, Datastore.Audit|Datastore.AllocateSpace)');
  await using setting = await startSetting(() => answer);

  const error = await failing(setting.api.get('/nodes/pve1/storage/local/content', Text));

  assert.equal(
    error.message,
    'the API token bot@pve!test lacks Datastore.Audit or Datastore.AllocateSpace on /storage/local',
  );
  assert.match(error.hint ?? '', /pveum role modify ROLE -append 1 -privs "Datastore\.Audit"/);
});

test('a refusal without a path points to the doctor', async () => {
  await using setting = await startSetting(() => no(403, 'Permission check failed'));

  assert.match((await failing(setting.api.post('/nodes/pve1/qemu', Done))).hint ?? '', /\/bot doctor/);
});

test('every bad parameter is listed', async () => {
  const fields = {
    name: 'invalid format - value does not look like a valid DNS name\n',
    cores: 'value must have a minimum value of 1',
  };
  await using setting = await startSetting(() => badParameters(fields));

  const error = await failing(setting.api.post('/nodes/pve1/qemu', Done, { name: 'a_b', cores: 0 }));

  assert.equal(
    error.message,
    'POST /nodes/pve1/qemu was refused: cores: value must have a minimum value of 1; name: value does not look like a valid DNS name',
  );
  assert.deepEqual(error.fields, fields);
  assert.equal(error.outcome, 'permanent');
});

const shapes: readonly (readonly [string, Reply, RegExp])[] = [
  ['the message of the body', no(500, 'VM is locked (backup)'), /^VM is locked \(backup\)$/],
  [
    'the reason phrase when the body has none (before 8.4)',
    { status: 500, reason: 'VM is locked (backup)', body: { data: null } },
    /^VM is locked/,
  ],
  [
    'the reason phrase when the body is empty',
    { status: 400, reason: 'Bad Request', body: '' },
    /^Bad Request \(GET \/x\)$/,
  ],
  [
    'plain text',
    { status: 501, reason: 'Not', body: "Unexpected content for method 'DELETE'" },
    /^Unexpected content for/,
  ],
  ['not a page of HTML', { status: 500, reason: 'Oops', body: '<html><h1>Hello</h1></html>' }, /^Oops/],
  [
    'a good answer that is none of Proxmox’s',
    { status: 200, body: '<html></html>' },
    /not that of a Proxmox VE API \(GET \/x\)$/,
  ],
  [
    'an unknown node by its name',
    no(500, "hostname lookup 'nope' failed - failed to get address info for: nope: x"),
    /^there is no node nope in this cluster$/,
  ],
];
for (const [what, reply, message] of shapes) {
  test(`the error has ${what}`, async () => {
    await using setting = await startSetting(() => reply);

    assert.match((await failing(setting.api.get('/x', Text))).message, message);
  });
}

test('a node behind the one that answers is named when it is dead', async () => {
  await using setting = await startSetting(() => ({ status: 595, reason: 'No route to host', body: '' }));

  const error = await failing(setting.api.get('/nodes/pve2/status', Text));

  assert.equal(error.message, "the node pve2 can't be reached (No route to host)");
  assert.equal(setting.server.heard.length, 1);
});

test('an answer of another shape than expected says where it differs', async () => {
  await using setting = await startSetting(() => ({ body: { data: [{ vmid: 'x' }] } }));

  const error = await failing(setting.api.get('/x', z.array(z.object({ vmid: z.number() }))));

  assert.match(error.message, /^GET \/x answered something unexpected in data\.0\.vmid: /);
});

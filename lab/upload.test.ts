import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { apiForTests } from './api-for-tests.ts';
import { startLab } from './start.ts';

const bytes = Buffer.alloc(300_000, 'seed');
const sha256 = createHash('sha256').update(bytes).digest('hex');

test('an upload with its fields in order and the right checksum becomes an ISO', async () => {
  await using lab = await startLab();
  const api = apiForTests(lab);
  const fields = { content: 'iso', 'checksum-algorithm': 'sha256', checksum: sha256 };

  const answer = await api.upload('pve1', 'local', '../../etc/la b.iso', bytes, fields);
  await lab.cluster.tasks.settle();

  assert.equal(answer.status, 200);
  const rows = await api.get<{ volid: string; size: number }[]>('/nodes/pve1/storage/local/content');
  assert.deepEqual(
    rows.map(({ volid, size }) => [volid, size]),
    [['local:iso/la_b.iso', bytes.length]],
  );
});

test('fields in another order are a bare 400', async () => {
  await using lab = await startLab();
  const fields = { checksum: sha256, 'checksum-algorithm': 'sha256', content: 'iso' };

  const answer = await apiForTests(lab).upload('pve1', 'local', 'a.iso', bytes, fields);

  assert.deepEqual(answer, { status: 400, reason: 'Bad Request', body: '' });
});

test('a wrong checksum is a task that fails and keeps nothing', async () => {
  await using lab = await startLab();
  const fields = { content: 'iso', 'checksum-algorithm': 'sha256', checksum: '0'.repeat(64) };

  await apiForTests(lab).upload('pve1', 'local', 'a.iso', bytes, fields);
  await lab.cluster.tasks.settle();

  assert.match(lab.cluster.tasks.all()[0]?.exitstatus ?? '', /^checksum mismatch/);
  assert.deepEqual(lab.state.volumes, []);
});

test('snippets cannot be uploaded, and names must fit their content', async () => {
  await using lab = await startLab();
  const api = apiForTests(lab);

  const snippet = await api.upload('pve1', 'local', 'user.yaml', bytes, { content: 'snippets' });
  const wrongName = await api.upload('pve1', 'local', 'disk.qcow2', bytes, { content: 'iso' });

  const errors = [snippet, wrongName].map(({ body }) => (body as { errors: unknown }).errors);
  assert.deepEqual(errors, [
    { content: "value 'snippets' does not have a value in the enumeration 'iso, vztmpl, import'" },
    { filename: 'wrong file extension' },
  ]);
});

test('an upload without the right is refused late and without a body', async () => {
  await using lab = await startLab();
  const made = await apiForTests(lab).call('POST', '/access/users/botswain@pve/token/bare', { privsep: 1 });
  const { value } = (made.body as { data: { value: string } }).data;

  const answer = await apiForTests(lab, `botswain@pve!bare=${value}`).upload('pve1', 'local', 'a.iso', bytes);

  const reason = 'Permission check failed (/storage/local, Datastore.AllocateTemplate)';
  assert.deepEqual(answer, { status: 403, reason, body: '' });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { z } from 'zod';
import { startSetting } from './server-for-tests.ts';

const Text = z.string();
const ok = { body: { data: 'fine' } };

test('every call carries the API token, and reads have their parameters in the query', async () => {
  await using setting = await startSetting(() => ok);

  await setting.api.get('/nodes', Text, { full: true });

  const [call] = setting.server.heard;
  assert.equal(call?.headers.authorization, 'PVEAPIToken=bot@pve!test=5f0c7c1e-3d0b-4a57-9c1d-7be2a2f1c9e4');
  assert.deepEqual([call?.path, call?.query, call?.body], ['/nodes', 'full=1', '']);
});

test('a change sends a form of known length', async () => {
  await using setting = await startSetting(() => ok);

  await setting.api.put('/nodes/pve1/qemu/100/config', Text, { boot: 'order=scsi0;net0', cores: 2 });

  const [call] = setting.server.heard;
  assert.equal(call?.body, 'boot=order%3Dscsi0%3Bnet0&cores=2');
  assert.equal(call?.headers['content-type'], 'application/x-www-form-urlencoded');
  assert.equal(call?.headers['content-length'], String(call?.body.length));
  assert.equal(call?.headers['transfer-encoding'], undefined);
});

test('a removal has its parameters in the query, as Proxmox takes no body there', async () => {
  await using setting = await startSetting(() => ok);

  await setting.api.del('/nodes/pve1/qemu/100', Text, { purge: true });

  assert.deepEqual([setting.server.heard[0]?.query, setting.server.heard[0]?.body], ['purge=1', '']);
});

test('an upload has its parts in the only order that Proxmox takes, and is not chunked', async () => {
  await using setting = await startSetting(() => ok);
  const fields = { content: 'iso', checksum: { algorithm: 'sha256', hex: 'ab12' } } as const;

  await setting.api.upload('/nodes/pve1/storage/local/upload', Text, fields, {
    name: 'a.iso',
    bytes: Buffer.from('abc'),
  });

  const [call] = setting.server.heard;
  const names = [...(call?.body ?? '').matchAll(/name="([^"]+)"/g)].map(([, name]) => name);
  assert.deepEqual(
    names.filter((name) => name !== 'a.iso'),
    ['content', 'checksum-algorithm', 'checksum', 'filename'],
  );
  assert.match(call?.body ?? '', /filename="a\.iso"\r\n.*\r\n\r\nabc\r\n--/s);
  assert.equal(call?.headers['content-length'], String(call?.body.length));
});

test('reads share connections, and no change is ever sent on a used one', async () => {
  await using setting = await startSetting(() => ok);
  const { api, server } = setting;

  for (const path of ['/a', '/b', '/c', '/d', '/e']) await api.get(path, Text);
  await api.post('/f', Text);
  await api.put('/g', Text);
  await api.del('/h', Text);

  const [reads, changes] = [server.heard.slice(0, 5), server.heard.slice(5)];
  const kept = new Set(reads.map(({ connection }) => connection));
  assert.ok(kept.size <= 2, `${kept.size} connections for 5 reads`);
  assert.equal(new Set([...kept, ...changes.map(({ connection }) => connection)]).size, kept.size + 3);
  assert.deepEqual(
    changes.map(({ headers }) => headers.connection),
    ['close', 'close', 'close'],
  );
});

test('the log has which parameters were sent, never their values', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  await using setting = await startSetting(() => ok, { log });

  await setting.api.put('/nodes/pve1/qemu/100/config', Text, { cipassword: 'hush-hush', ciuser: 'ana' });

  assert.match(lines.join(''), /"sent":\["cipassword","ciuser"\]/);
  assert.doesNotMatch(lines.join(''), /hush-hush|5f0c7c1e-3d0b-4a57-9c1d-7be2a2f1c9e4/);
});

test('who guards the changes is told of each that goes out, and of no read', async () => {
  await using setting = await startSetting(() => ok);
  const answers: Promise<unknown>[] = [];
  const api = setting.api.guarded(
    () => undefined,
    (answer) => answers.push(answer),
  );

  await api.get('/nodes', Text);
  await api.post('/nodes/pve1/qemu', Text);
  await api.put('/nodes/pve1/qemu/100/config', Text);
  await api.del('/nodes/pve1/qemu/100', Text);
  await api.upload('/nodes/pve1/storage/local/upload', Text, { content: 'iso' }, { name: 'a', bytes: Buffer.from('') });

  assert.deepEqual(await Promise.all(answers), ['fine', 'fine', 'fine', 'fine']);
});

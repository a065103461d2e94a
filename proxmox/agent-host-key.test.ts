import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { readHostKey } from './agent-host-key.ts';
import { no, startSetting } from './server-for-tests.ts';

const { signal } = new AbortController();

test('the host key is read from the file of its type, and told as SSH tells it', async () => {
  const content = 'ecdsa-sha2-nistp256 QUJD root@web\n';
  await using setting = await startSetting(() => ({ body: { data: { content } } }));

  const told = await readHostKey(setting.api, 'pve1', 400, 'ecdsa-sha2-nistp256', signal);

  assert.deepEqual(told, { hostKey: sha('QUJD') });
  assert.match(setting.server.heard[0]?.query ?? '', /ssh_host_ecdsa_key\.pub/);
});

test('a token that may not read files says so, and so does a guest that has no such file', async () => {
  await using strict = await startSetting(() => no(403, 'Permission check failed (/vms/400, VM.GuestAgent.FileRead)'));
  await using bare = await startSetting(() =>
    no(500, "Agent error: failed to open file 'x': No such file or directory"),
  );

  const told = [
    await readHostKey(strict.api, 'pve1', 400, 'ssh-ed25519', signal),
    await readHostKey(bare.api, 'pve1', 400, 'ssh-ed25519', signal),
    await readHostKey(bare.api, 'pve1', 400, 'sk-other', signal),
  ];

  assert.deepEqual(told, [
    { why: 'the token may not read files of guests' },
    { why: '/etc/ssh/ssh_host_ed25519_key.pub could not be read' },
    { why: 'no file is known for keys of type sk-other' },
  ]);
});

test('a host key file of megabytes is not read to its end, and is named', async () => {
  const content = `ssh-ed25519 ${'QUJD'.repeat(1_000_000)} root@web`;
  await using setting = await startSetting(() => ({ body: { data: { content } } }));

  const told = await readHostKey(setting.api, 'pve1', 400, 'ssh-ed25519', signal);

  assert.deepEqual(told, { why: '/etc/ssh/ssh_host_ed25519_key.pub is longer than 64 KiB' });
  assert.equal(setting.server.heard.length, 1);
});

const sha = (blob: string) =>
  `SHA256:${createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replace(/=+$/, '')}`;

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab } from '#lab/start.ts';
import { textOf } from '../console.ts';
import { freePort, startRedis } from '../redis.ts';
import { leftOf, nothing, startSetting, type Written } from '../setting.ts';

type Cluster = Written['clusters'][number];

const change = (how: (cluster: Cluster, lab: Lab) => Partial<Cluster>) => ({
  change: (written: Written, lab: Lab): Written => ({
    ...written,
    clusters: written.clusters.map((one) => ({ ...one, ...how(one, lab) })),
  }),
});

test('a wrong token is named with its setting, and its secret is not told', async () => {
  const secret = '7d1c0e52-93ab-4f6e-8c21-5b0d9ea74f38';
  await using setting = await startSetting(change(({ token }) => ({ token: { ...token, secret } })));

  await setting.ana.type('/vm create k8s-dev medium');
  await setting.ana.type('/vm list');

  await setting.ana.until(/create k8s-dev medium failed.*botswain@pve!lab/s);
  assert.equal(setting.ana.transcript().includes(secret), false);
  assert.deepEqual(await leftOf(setting), nothing);
});

test('a certificate that is not the expected one is named by the fingerprint that was seen', async () => {
  const fingerprints = [Array.from({ length: 32 }, () => 'AB').join(':')];
  await using setting = await startSetting(change(() => ({ tls: { fingerprints } })));

  await setting.ana.type('/vm list');

  const card = await setting.ana.until(new RegExp(setting.lab.fingerprint));
  assert.match(textOf(card), /^Proxmox lab: /);
});

test('a Proxmox that nobody reaches is named with its address, and tried again for a while', async () => {
  const port = await freePort();
  const away = change(() => ({ hosts: [`https://127.0.0.1:${port}`] }));
  await using setting = await startSetting({ ...away, times: { planning: 1000 } });

  await setting.ana.type('/vm create k8s-dev medium');
  await setting.ana.until(/create k8s-dev medium is being planned/);
  await setting.ana.until(new RegExp(`^Proxmox lab: .*127\\.0\\.0\\.1:${port}.* Trying again in`));
  const card = await setting.ana.until(/create k8s-dev medium failed/);

  assert.match(textOf(card), new RegExp(`Proxmox lab said: .*127\\.0\\.0\\.1:${port}`));
  assert.deepEqual(await leftOf(setting), nothing);
});

test('without Redis a command is refused, and nothing was started', async () => {
  await using redis = await startRedis();
  await using setting = await startSetting({ redisUrl: redis.url });
  await redis.kill();

  const answer = await setting.ana.type('/vm create k8s-dev medium');

  assert.equal(answer.ok, false);
  assert.match(await answer.text(), /Redis: .*Nothing was started\./);
  assert.deepEqual([...setting.lab.machines.keys()], [9000]);
});

test('everything can be stopped while Redis is away', async () => {
  await using redis = await startRedis();
  const setting = await startSetting({ redisUrl: redis.url });
  await redis.kill();
  await setting.ana.type('/vm list');

  const since = performance.now();
  await setting[Symbol.asyncDispose]();

  assert.ok(performance.now() - since < 3000);
});

test('a command is taken again once Redis is back', async () => {
  await using redis = await startRedis();
  await using setting = await startSetting({ redisUrl: redis.url });
  await redis.kill();
  const type = () => setting.ana.type('/vm create k8s-dev medium', '11111111-2222-4333-8444-555555555555');
  const refused = await type();
  await redis.restart();
  await setting.redis.ping();

  let taken = await type();
  while (!taken.ok) taken = await type();
  await setting.ana.until(/k8s-dev is ready/);

  assert.equal(refused.ok, false);
  assert.equal([...setting.lab.machines.values()].filter(({ name }) => name === 'k8s-dev').length, 1);
});

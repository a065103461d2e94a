import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { World } from '#jobs/engine/world.ts';
import { badParameters, no, quickClock, startSetting } from '#proxmox/server-for-tests.ts';
import { stopVm } from '#proxmox/vms.ts';
import { endPowerTasks, tellWhenSlow } from './end-power-tasks.ts';

test('while a guest takes long to power off, people are told what to type', async () => {
  const told: string[] = [];
  const world = { clock: quickClock(), note: (line: string) => told.push(line) } as unknown as World;

  await using _ = tellWhenSlow(world, 'k8s-dev', '/vm stop k8s-dev --force');
  await new Promise((resolve) => setImmediate(resolve));

  assert.match(told.join(), /k8s-dev has not powered off yet; .* At once: \/vm stop k8s-dev --force/);
});

test('one that powers off in time is no matter', async () => {
  const told: string[] = [];
  const clock = { now: () => 0, sleep: (_: number, signal: AbortSignal) => untilAborted(signal) };
  const world = { clock, note: (line: string) => told.push(line) } as unknown as World;

  await tellWhenSlow(world, 'k8s-dev', '/vm stop k8s-dev --force')[Symbol.asyncDispose]();

  assert.deepEqual(told, []);
});

test('a shutdown that the token may not end does not keep anybody from pulling the plug', async () => {
  const task = { upid: 'UPID:pve1:0000012D:00086D2C:6B010F9E:qmshutdown:400:root@pam:', type: 'qmshutdown', id: '400' };
  await using setting = await startSetting(({ method }) =>
    method === 'DELETE'
      ? no(403, 'Permission check failed (/nodes/pve1, Sys.Modify)')
      : { body: { data: [{ ...task, starttime: 1 }] } },
  );

  await endPowerTasks(setting.api, 'pve1', 400);

  assert.deepEqual(
    setting.server.heard.map(({ method }) => method),
    ['GET', 'DELETE'],
  );
});

test('pulling the plug overrules a shutdown, and does without where Proxmox knows no such option', async () => {
  const upid = 'UPID:pve1:0000012D:00086D2C:6B010F9E:qmstop:400:root@pam:';
  const unknown = badParameters({ 'overrule-shutdown': 'property is not defined in schema' });
  await using setting = await startSetting(({ body }) => (/overrule/.test(body) ? unknown : { body: { data: upid } }));

  assert.equal(await stopVm(setting.api, 'pve1', 400), upid);
  assert.deepEqual(
    setting.server.heard.map(({ body }) => body),
    ['overrule-shutdown=1', ''],
  );
});

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { callsOf, leftOf, machinesOf, type Setting, startSetting, untilTrue, type Written } from '../setting.ts';

const shortLease = (written: Written): Written => ({ ...written, worker: { lease: '1s' } });

/** A worker in a process of its own, which can die like one. */
async function startProcess(setting: Setting): Promise<ChildProcess & AsyncDisposable> {
  const args = ['bot/main.ts', 'worker', '--config', setting.configFile];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const gone = once(child, 'exit');
  await Promise.race([once(child, 'message'), gone]);
  return Object.assign(child, {
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await gone;
    },
  });
}

test('when a worker is killed while it clones, another one goes on and clones no second time', async () => {
  await using setting = await startSetting({ workers: 0, change: shortLease, lab: { times: { linkMs: 700 } } });
  await using worker = await startProcess(setting);
  await setting.ana.type('/vm create k8s-dev medium');
  await untilTrue(() => callsOf(setting.lab, /^POST .*\/clone$/) > 0);

  worker.kill('SIGKILL');
  await setting.startWorker();
  await setting.ana.until(/k8s-dev is ready/);

  assert.equal(callsOf(setting.lab, /^POST .*\/clone$/), 1);
  assert.deepEqual(
    machinesOf(setting.lab).map(({ vmid, name }) => [vmid, name]),
    [[5000, 'k8s-dev']],
  );
  assert.deepEqual((await leftOf(setting)).claims, []);
});

test('when a worker is killed in the middle of a call, another one looks and goes on from there', async () => {
  await using setting = await startSetting({ workers: 0, change: shortLease });
  setting.lab.faults.push({ method: 'POST', path: /status\/start$/, mode: 'hold' });
  await using worker = await startProcess(setting);
  await setting.ana.type('/vm create k8s-dev medium');
  await untilTrue(() => setting.lab.faults.length === 0);

  worker.kill('SIGKILL');
  await setting.startWorker();
  await setting.ana.until(/k8s-dev is ready/);

  assert.deepEqual(
    [/clone$/, /status\/start$/].map((path) => callsOf(setting.lab, new RegExp(`^POST .*${path.source}`))),
    [1, 1],
  );
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startChild } from '../child.ts';
import { callsOf, leftOf, machinesOf, startSetting, untilTrue, type Written } from '../setting.ts';

const shortLease = (written: Written): Written => ({ ...written, worker: { lease: '1s' } });

// Most of their time is waiting, so they wait together.
describe('a worker that is killed', { concurrency: true }, () => {
  test('when a worker is killed while it clones, another one goes on and clones no second time', async () => {
    await using setting = await startSetting({ workers: 0, change: shortLease, lab: { times: { linkMs: 700 } } });
    await using worker = await startChild('worker', setting.configFile);
    await setting.ana.type('/vm create k8s-dev medium');
    await untilTrue(() => callsOf(setting.lab, /^POST .*\/clone$/) > 0);

    await worker.kill();
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
    await using worker = await startChild('worker', setting.configFile);
    await setting.ana.type('/vm create k8s-dev medium');
    await untilTrue(() => setting.lab.faults.length === 0);

    await worker.kill();
    await setting.startWorker();
    await setting.ana.until(/k8s-dev is ready/);

    assert.deepEqual(
      [/clone$/, /status\/start$/].map((path) => callsOf(setting.lab, new RegExp(`^POST .*${path.source}`))),
      [1, 1],
    );
  });
});

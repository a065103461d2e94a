import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Case, Outcome } from './case.ts';
import { readCase } from './enumerate.ts';
import { inWords, openTheatre, type Theatre } from './lanes.ts';
import { rowOf, rows } from './matrix.ts';

const clone = 'proxmox POST /nodes/{}/qemu/{}/clone';
const start = 'proxmox POST /nodes/{}/qemu/{}/status/start';

/** At least one case for each row; `botswain test --faults` plays all of them. Those that once went wrong stay here. */
const samples = [
  `create / kill -9 of the worker / after ${clone}`,
  'create that fails / kill -9 of the worker / after clone template/undo intent',
  'template build / the worker stands still past its lease / after boot and install#pve1/intent',
  'destroy, approved / the worker stands still past its lease / before proxmox DELETE /nodes/{}/qemu/{}',
  'create, cancelled / the worker stands still past its lease / before proxmox DELETE /nodes/{}/qemu/{}',
  'template build / the worker stands still past its lease / before proxmox GET /nodes/{}/qemu/{}/config',
  'create / SIGTERM of the worker / after clone template/saved',
  'destroy, approved / kill -9 of the gateway / after runs vote',
  'destroy, rejected / the gateway stands still past its lease / before chat edit',
  'create, kept and retried / the gateway loses an answer of Redis / before runs reopen',
  'destroy, rejected / an answer of Redis is lost / after run/plan',
  'create / Redis does not answer the worker for longer than the lease / after clone template/intent',
  'destroy, rejected / Redis is slow / after run/plan',
  'create / Redis is killed and comes back at once / after clone template/intent',
  'destroy, rejected / Redis is killed and comes back after the lease / after run/claim',
  'create, kept and retried / Redis loses the last moment / after clone template/intent',
  'destroy, approved / Redis loses the last moment / after run/result / 1 / 20261121',
  'resize, undone / Redis loses the last moment / before boot vm/result / 2 / 20261122',
  'template build / Redis loses the last moment / after convert to template#pve1/saved / 1 / 20261121',
  'destroy, rejected / Redis has no memory left for a while / after run/plan',
  'create / the disk of Redis is full for a while / after clone template/intent',
  'create, kept and rolled back / Redis loses everything / after runs reopen',
  'create / Redis loses everything / before boot vm/intent',
  'destroy, rejected / all bells are lost / after run/claim',
  'destroy, rejected / each bell rings three times more / after run/claim',
  `create / Proxmox: the request is lost / before ${clone}`,
  `create / Proxmox: the response is lost, and the worker killed / before ${start}`,
  `create / Proxmox: 596 / before ${clone}`,
  'template build / Proxmox: 500 VM is locked / before proxmox PUT /nodes/{}/qemu/{}/config / 2',
  `create / Proxmox: somebody else takes the number / before ${clone}`,
  `create / Proxmox: its task dies / before ${start}`,
  'destroy, rejected / Proxmox: no quorum for a while / before proxmox GET /cluster/resources',
  'create, a template on each node / the storages of pve1 hang / before proxmox GET /nodes/{}/storage',
  'create, a template on each node / the storages of pve2 hang / before proxmox GET /cluster/resources',
  'create / the storages of pve1 hang / before proxmox GET /cluster/resources',
  'destroy, approved / pve2 hangs without end / before proxmox GET /cluster/resources',
  'resize, undone / pve2 hangs without end / before proxmox GET /cluster/resources',
  'template build / pve2 hangs without end / before proxmox GET /cluster/resources',
  'create on another node / pve2 hangs without end / before proxmox GET /cluster/resources',
  `create / Proxmox: the answer comes after the lease / before ${clone}`,
  'create / Proxmox: 401 / before proxmox PUT /nodes/{}/qemu/{}/config',
  'create / SSH is reset in the middle / before ssh login',
  'create / somebody cancels / after boot vm/saved',
  'template build / somebody cancels / after proxmox POST /nodes/{}/storage/{}/download-url',
  'template build / Proxmox: the response is lost / before proxmox POST /nodes/{}/qemu/{}/agent/ping',
  'create, full clone / somebody cancels a clone, and Proxmox kills what is stopped / after clone template/saved',
  'create that fails / a clone of ours gets the number / before proxmox GET /nodes/{}/qemu/{}/config / 2',
  'destroy, approved / a clone of ours gets the number / before proxmox GET /nodes/{}/qemu/{}/config / 2',
  'create / its VM is moved to another node / before proxmox POST /nodes/{}/qemu/{}/status/start',
  'destroy, approved / its VM is moved to another node / before proxmox DELETE /nodes/{}/qemu/{}',
].map(readCase);

// Most of a case is waiting for leases to end: a few beside each other use both cores, more only make each other late.
describe('the fault matrix', { concurrency: 4 }, () => {
  let theatre: Theatre;
  before(() => {
    theatre = openTheatre();
  });
  after(() => theatre[Symbol.asyncDispose]());

  for (const row of rows) {
    const own = samples.filter((one) => rowOf(one) === row);
    test(`${row.id}: ${row.trouble}: ${row.promise}`, async () => {
      const outcomes: { one: Case; outcome: Outcome }[] = [];
      for (const one of own) outcomes.push({ one, outcome: await theatre.play(one) });

      const wrong = outcomes.filter(({ outcome }) => outcome.violations.length > 0 || !outcome.struck);
      assert.ok(own.length > 0);
      assert.deepEqual(
        wrong.map(({ one, outcome }) => inWords(one, outcome)),
        [],
      );
    });
  }
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { textOf } from '../console.ts';
import { leftOf, machinesOf, nothing, type Setting, startSetting, untilTrue, type Written } from '../setting.ts';

/** Disks on storage that each node has for itself. */
const onLocal = (written: Written): Written => ({
  ...written,
  clusters: written.clusters.map((one) => ({ ...one, storages: { disks: 'fast', images: 'local', seeds: 'local' } })),
});

const templatesOf = ({ lab }: Setting) =>
  [...lab.machines.values()]
    .filter(({ config }) => config.template === '1')
    .map(({ name, node }) => `${name} on ${node}`);
const filesOf = ({ lab }: Setting) =>
  lab.state.volumes.filter(({ content }) => content !== 'images').map(({ volid }) => volid);

// Most of their time is waiting, so they wait together.
describe('templates', { concurrency: true }, () => {
  test('/template build makes a template with the guest agent in it, and cleans up behind itself', async () => {
    await using setting = await startSetting({ templates: [] });

    await setting.ana.type('/template build Lab-Debian');
    const card = await setting.ana.until(/Template lab-debian is ready/);
    await setting.ana.type('/vm create k8s-dev medium');
    await setting.ana.until(/k8s-dev is ready/);

    assert.match(textOf(card), /pve1: VM 5000, 2 GiB, for every node/);
    assert.deepEqual(templatesOf(setting), ['lab-debian on pve1']);
    assert.deepEqual(filesOf(setting), []);
    assert.deepEqual((await leftOf(setting)).claims, []);
  });

  test('a template that is there already is not built again', async () => {
    await using setting = await startSetting();

    await setting.ana.type('/template build lab-debian');

    await setting.ana.until(/Template lab-debian is there already: 9000 on pve1\./);
    assert.deepEqual(await leftOf(setting), nothing);
  });

  test('two people who want the same template at the same moment get one', async () => {
    await using setting = await startSetting({ templates: [], workers: 2 });

    await Promise.all([
      setting.ana.type('/template build lab-debian'),
      setting.ben.type('/vm create k8s-dev --build-template'),
    ]);
    await setting.ben.until(/k8s-dev is ready/);
    await setting.ana.until(/Template lab-debian is ready|Template lab-debian is there already/);

    assert.deepEqual(templatesOf(setting).length, 1);
    assert.deepEqual([filesOf(setting), (await leftOf(setting)).claims], [[], []]);
  });

  test('an image with a wrong checksum leaves nothing behind', async () => {
    await using setting = await startSetting({ templates: [] });
    setting.lab.images.falsify('lab-debian.qcow2', true);

    await setting.ana.type('/template build lab-debian');
    const card = await setting.ana.until(/build template lab-debian on pve1 failed/);

    assert.match(textOf(card), /Download the image to pve1: Proxmox lab said: .*checksum mismatch/);
    assert.deepEqual([await leftOf(setting), filesOf(setting)], [nothing, []]);
  });

  test('a missing template is offered to be built, and the VM made after it', async () => {
    await using setting = await startSetting({ templates: [] });

    await setting.ana.type('/vm create k8s-dev medium');
    await setting.ana.until(/There is no template lab-debian in lab yet\./);
    const before = await leftOf(setting);
    await setting.ana.press('Build it, then create');
    await setting.ana.until(/k8s-dev is ready/);

    assert.deepEqual(before, nothing);
    assert.deepEqual(
      machinesOf(setting.lab).map(({ name }) => name),
      ['k8s-dev'],
    );
    assert.deepEqual([templatesOf(setting).length, filesOf(setting)], [1, []]);
  });

  test('on storage of their own, each node gets its own template', async () => {
    await using setting = await startSetting({ templates: [], change: onLocal });

    await setting.ana.type('/template build lab-debian');
    await setting.ana.until(/Template lab-debian is ready/);

    assert.deepEqual(templatesOf(setting), ['lab-debian on pve1', 'lab-debian on pve2']);
    assert.deepEqual(filesOf(setting), []);
  });

  test('only nodes that the cluster’s settings name get templates', async () => {
    const change = (written: Written): Written => {
      const { clusters, ...rest } = onLocal(written);
      return { ...rest, clusters: clusters.map((one) => ({ ...one, nodes: ['pve2'] })) };
    };
    await using setting = await startSetting({ templates: [], change });

    await setting.ana.type('/template build lab-debian --node pve1');
    await setting.ana.until(/Templates are not built on "pve1"\. .*pve2/);
    await setting.ana.type('/template build lab-debian');
    await setting.ana.until(/Template lab-debian is ready/);

    assert.deepEqual(templatesOf(setting), ['lab-debian on pve2']);
  });

  test('of two VMs that wait for one template, the second is made where the first one’s was built', async () => {
    await using setting = await startSetting({ templates: [], change: onLocal, workers: 2 });

    await setting.ana.type('/vm create a1 small --build-template');
    await untilTrue(() => [...setting.lab.machines.values()].some(({ name }) => name === 'lab-debian'));
    await setting.ben.type('/vm create a2 small --build-template');
    await setting.ben.until(/^a2 is ready|There is no template/);
    await setting.ana.until(/^a1 is ready/);

    assert.deepEqual(
      machinesOf(setting.lab).map(({ name, node }) => [name, node]),
      [
        ['a1', 'pve1'],
        ['a2', 'pve1'],
      ],
    );
    assert.equal(templatesOf(setting).length, 1);
  });

  test('a template that others have cloned already stays when the run that built it is cancelled', async () => {
    await using setting = await startSetting({ templates: [], workers: 2 });
    // The first VM's agent is silent until the run is cancelled; the template is VM 5001.
    const reason = 'QEMU guest agent is not running';
    setting.lab.faults.push({ path: /qemu\/5000\/agent/, mode: 'status', status: 500, reason, times: 10_000 });

    await setting.ana.type('/vm create a1 small --build-template');
    await setting.ana.until(/\[running\] Wait for the guest agent/);
    await setting.ben.type('/vm create a2 small');
    await setting.ana.until(/^a2 is ready/);
    await setting.ana.press('Cancel');
    await setting.ana.until(/create a1 on pve1 was cancelled/);
    await setting.ana.until(
      /Taken back: removed a1 and its disks\. Template lab-debian \(VM 5001\) stays: other VMs are clones of it\./,
    );

    assert.deepEqual(templatesOf(setting), ['lab-debian on pve1']);
    assert.deepEqual(
      machinesOf(setting.lab).map(({ name }) => name),
      ['a2'],
    );
    assert.deepEqual([filesOf(setting), (await leftOf(setting)).claims], [[], []]);
  });

  test('a template that the catalog names by its number is not offered to be built', async () => {
    const change = (written: Written): Written => ({
      ...written,
      templates: { ...written.templates, 'lab-debian': { vmid: 9000, user: 'debian' } },
    });
    await using setting = await startSetting({ templates: [], change });

    await setting.ana.type('/vm create k8s-dev small');
    const card = await setting.ana.until(/lab-debian is VM 9000 by the catalog, and there is no such VM\./);

    assert.match(textOf(card), /Put its vmid right in the catalog/);
    assert.doesNotMatch(textOf(card), /[Bb]uild it/);
  });

  test('words that every object knows are no templates', async () => {
    await using setting = await startSetting();

    await setting.ana.type('/template build constructor');

    await setting.ana.until(/There is no template "constructor" in the catalog\./);
  });

  test('a VM is only placed where a template can be cloned', async () => {
    await using setting = await startSetting({ templates: [{ node: 'pve2', storage: 'fast' }], change: onLocal });

    for (const name of ['a1', 'a2']) {
      await setting.ana.type(`/vm create ${name} small`);
      await setting.ana.until(new RegExp(`^${name} is ready`));
    }
    await setting.ana.type('/vm create a3 small --node pve1');
    const refusal = await setting.ana.until(/There is no template/);

    assert.deepEqual(
      machinesOf(setting.lab).map(({ node }) => node),
      ['pve2', 'pve2'],
    );
    assert.match(textOf(refusal), /There is no template lab-debian on pve1/);
  });

  test('/template list shows what the catalog has and where it stands', async () => {
    await using setting = await startSetting();

    await setting.ana.type('/template list');

    await setting.ana.until(/lab-debian \| debian \| lab-debian\.qcow2 \| 9000 on pve1 \(shared\)/);
  });
});

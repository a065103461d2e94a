import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TemplateSpec } from '#lab/templates.ts';
import { textOf } from '../console.ts';
import { machinesOf, startSetting, type Written } from '../setting.ts';
import { templateNotes } from '../template-notes.ts';

/** `lab-debian` is well; the machines of `lab-noisy` have this trouble. */
function startWith(trouble: NonNullable<TemplateSpec['trouble']>) {
  const template = (vmid: number, name: string): TemplateSpec => {
    return { vmid, name, storage: 'nas', config: { description: templateNotes(vmid, name) } };
  };
  const templates = [template(9000, 'lab-debian'), { ...template(9001, 'lab-noisy'), trouble }];
  return startSetting({ lab: { templates }, change: withNoisy });
}

function withNoisy(written: Written): Written {
  const [debian] = Object.values(written.templates ?? {});
  const ready = { ...written.create?.ready, ssh: '8s' };
  return {
    ...written,
    templates: { ...written.templates, ...(debian ? { 'lab-noisy': debian } : {}) },
    create: { ...written.create, ready },
  };
}

for (const [trouble, words] of [
  ['greeting never ends', /SSH 10\.77\.0\.\d+ said: port 22 sent more than 16 KiB and did not say that it speaks SSH/],
  ['output never ends', /SSH 10\.77\.0\.\d+ said: cloud-init printed more than 1 MiB and was told to end/],
  [
    'commands never end',
    /After 8\.0 s, SSH at .* is not ready: .*cloud-init had not ended after 2\.\d s and was told to/,
  ],
] as const) {
  test(`a VM made ready whose ${trouble} is said and taken back, and the worker goes on with others`, async () => {
    await using setting = await startWith(trouble);
    const start = performance.now();

    await setting.ana.type('/vm create noisy small --template lab-noisy');
    await setting.ana.type('/vm create quiet small --template lab-debian');
    const card = await setting.ana.until(/create noisy on pve\d failed/, 30_000);
    await setting.ana.until(/quiet is ready/, 30_000);

    assert.match(textOf(card), words);
    assert.ok(performance.now() - start < 30_000);
    assert.deepEqual(machinesOf(setting.lab).length, 1);
  });
}

test('a VM whose agent floods is named and taken back, and one that begins later is shown all the same', async () => {
  await using setting = await startWith('agent floods');
  await setting.ana.type('/vm create quiet small --template lab-debian');
  await setting.ana.until(/quiet is ready/, 30_000);

  await setting.ana.type('/vm create noisy small --template lab-noisy');
  const card = await setting.ana.until(/create noisy on pve\d failed/, 30_000);
  setting.lab.faults.push({ path: /network-get-interfaces$/, mode: 'huge' });
  await setting.ana.type('/vm show quiet');
  await setting.ana.until(/unknown: the guest agent of VM \d+ floods/);

  assert.match(textOf(card), /the guest agent of VM \d+ floods: what it says of its network is longer than 2 MiB/);
  assert.deepEqual(
    machinesOf(setting.lab).map(({ name }) => name),
    ['quiet'],
  );
});

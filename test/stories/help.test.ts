import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from '../console.ts';
import { startSetting } from '../setting.ts';

test('/help lists what can be typed, each with an example', async () => {
  await using setting = await startSetting();

  await setting.ana.type('/help');

  const card = await setting.ana.until(/Commands/);
  assert.match(textOf(card), /\/vm create \| Make a VM from a template.* \| \/vm create k8s-dev medium/);
  assert.match(textOf(card), /\/template build \| /);
});

test('/help of one command explains each of its words', async () => {
  await using setting = await startSetting();

  await setting.ana.type('/help vm create');
  await setting.ana.type('/help vm craete');

  const card = await setting.ana.until(/^\/vm create\n/);
  assert.match(textOf(card), /NAME \| Its host name; or give --role\.\nSIZE \| How big it is\./);
  assert.match(textOf(card), /--clone \| linked is quick, full stands alone\. One of linked, full\./);
  await setting.ana.until(/There is no command "vm craete"\. Did you mean vm create\?/);
});

test('an empty line, a beginning, a size, a flag and its value are completed', async () => {
  await using setting = await startSetting();
  const { ana } = setting;

  const [empty, start, size, flags, value] = await Promise.all(
    ['', '/vm cr', '/vm create web-1 me', '/vm create web-1 --cl', '/vm create web-1 --node '].map(ana.complete),
  );

  assert.ok(empty?.includes('/vm create k8s-dev medium'));
  assert.deepEqual(start, ['/vm create ']);
  assert.deepEqual(size, ['/vm create web-1 medium ']);
  assert.deepEqual(flags, ['/vm create web-1 --clone ']);
  assert.deepEqual(value, ['/vm create web-1 --node pve1 ', '/vm create web-1 --node pve2 ']);
});

test('names of VMs are completed from what Proxmox has', async () => {
  await using setting = await startSetting();
  await setting.ana.type('/vm create k8s-dev small');
  await setting.ana.until(/k8s-dev is ready/);

  assert.deepEqual(await setting.ana.complete('/vm stop k8'), ['/vm stop k8s-dev ']);
});

test('a person is not offered what they may not use, and told so when they type it', async () => {
  const rules = [{ commands: ['vm *'], allow: ['wheel'] }];
  await using setting = await startSetting({
    change: (written) => ({ ...written, rules, groups: { wheel: ['ben'] } }),
  });

  const offered = await setting.ana.complete('/');
  await setting.ana.type('/vm create k8s-dev');

  await setting.ana.until(/Ana, you may not use \/vm create: it is for wheel\./);
  assert.deepEqual(
    offered.filter((line) => line.startsWith('/vm')),
    [],
  );
});

test('help about a word that another one stands for names that one', async () => {
  await using setting = await startSetting();

  await setting.ana.type('/help vm delete');

  await setting.ana.until(/There is no command "vm delete"\. Did you mean vm destroy\?\n\/help vm destroy/);
});

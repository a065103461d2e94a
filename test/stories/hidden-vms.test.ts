import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from '../console.ts';
import { rightsFor, takeAway, withMinimalRole } from '../minimal-role.ts';
import { type Setting, startSetting, untilTrue } from '../setting.ts';

/** What is answered to a line, all cards together. */
async function answerTo({ ana }: Setting, line: string): Promise<string> {
  const known = new Set(ana.messages.keys());
  await ana.type(line);
  await ana.until(/can’t be seen|There are no VMs|There is no|not built|build it/i);
  return [...ana.messages.values()]
    .filter(({ id }) => !known.has(id))
    .flatMap(({ content }) => (content.kind === 'card' ? [textOf(content.card)] : []))
    .join('\n');
}

for (const line of ['/vm list', '/vm show web', '/template list', '/vm create web', '/template build lab-debian']) {
  test(`to ${line} nobody is told that nothing is there who merely may not see it`, async () => {
    await using setting = await startSetting({ change: withMinimalRole });
    const audit = rightsFor(setting.config, '9.2').find(({ privilege }) => privilege === 'VM.Audit');
    assert.ok(audit);
    takeAway(setting.lab, audit);

    const answer = await answerTo(setting, line);

    assert.match(answer, /can’t be seen: the API token minimal@pve!bot lacks VM\.Audit on \/vms of lab/);
    assert.doesNotMatch(answer, /There are no VMs|There is no|not built|Build it/);
  });
}

test('a VM that the token may not see any more is not called gone when a create is taken back', async () => {
  const lab = { times: { bootMs: 60_000 } };
  await using setting = await startSetting({ lab, change: withMinimalRole });
  const audit = rightsFor(setting.config, '9.2').find(({ privilege }) => privilege === 'VM.Audit');
  assert.ok(audit);
  await setting.ana.type('/vm create k8s-dev small');
  await untilTrue(() => setting.lab.machines.get(5000)?.power === 'running');

  const giveBack = takeAway(setting.lab, audit);
  await setting.ana.press('Cancel');
  const card = await setting.ana.until(/Still there: (.|\n)*whether VM 5000 is still there can’t be seen/);
  assert.doesNotMatch(textOf(card), /Taken back|removed k8s-dev|Nothing was made|Nothing else is left/);
  assert.ok(setting.lab.machines.has(5000));
  giveBack();
  await setting.ana.press('I fixed it, go on');
  await setting.ana.until(/Taken back: removed k8s-dev and its disks\. Nothing else is left\./);

  assert.ok(!setting.lab.machines.has(5000));
});

import assert from 'node:assert/strict';
import { RemoteError } from '#base/errors.ts';
import { once } from '#chat/once-for-tests.ts';
import { button, card, count, type On, settled } from './cards.ts';

const away = () => Promise.reject(new RemoteError('Redis', 'It cannot be reached.', { outcome: 'passing' }));

export function hearing(on: On): void {
  on('a command reaches the bot once, with who typed it where', async ({ ana, ben, benIn, heard, place }) => {
    await ana.run('vm create', { name: 'k8s-dev', size: 'medium', cpus: 4, keep: true });
    await ben.run('vm list');

    assert.deepEqual(
      heard.commands.map(({ text, by, place: where }) => [text, by.account, where]),
      [
        ['/vm create k8s-dev medium --cpus 4 --keep', ana.account, place],
        ['/vm list', ben.account, place],
      ],
    );
    assert.deepEqual(heard.commands[1]?.by.groups.toSorted(), benIn.toSorted());
    assert.equal(new Set(heard.commands.map(({ id }) => id)).size, 2);
  });

  on('a private answer is for the one who asked, and nobody else sees that they asked', async (stage) => {
    const { ana, ben, does, heard, messages, platform, place } = stage;
    does.command = async () => 'private';

    await ana.run('vm list');
    const id = heard.commands[0]?.id;
    for (let i = 0; i < 2; i++) await platform.whisper(place, ana.account, card('No VMs yet'), once(`answer:${id}`));

    await settled(stage);
    assert.equal(count([...ana.whispers(), ...ana.direct()], /No VMs yet/), 1);
    assert.equal(count([...messages(), ...ben.whispers(), ...ben.direct()], /No VMs yet|vm list/), 0);
  });

  on(
    'a private answer that another gateway brings comes once too, or says that it may be the second',
    async (stage) => {
      const { ana, another, does, heard, platform, place } = stage;
      does.command = async () => 'private';

      await ana.run('vm list');
      const { id, reply } = heard.commands[0] ?? {};
      const whispering = { key: `answer:${id}`, ...(reply === undefined ? {} : { reply }) };
      await platform.whisper(place, ana.account, card('No VMs yet'), { ...whispering, again: false });
      const heir = await another();
      await heir.whisper(place, ana.account, card('No VMs yet'), { ...whispering, again: true });

      await settled(stage);
      const told = [...ana.whispers(), ...ana.direct()].filter((text) => text.includes('No VMs yet'));
      assert.equal(count(told, /seen this already/), told.length - 1);
    },
  );

  on('when nothing was kept, the person reads why, and the line is not lost', async ({ ana, does, until }) => {
    does.command = away;

    await ana.run('vm create', { name: 'k8s-dev' });

    await until(() => count(ana.whispers(), /cannot be reached/) > 0, 'the reason');
    assert.ok(count(ana.whispers(), /vm create k8s.?-dev/) > 0);
  });

  on(
    'when a press was not kept, the person reads why',
    async ({ ana, ben, does, messages, platform, place, until }) => {
      does.press = away;
      const ref = await platform.post(place, card('Approve?', button('Approve', 'yes-token')), once('ask'));

      await ben.press(ref, 'Approve');

      await until(() => count(ben.whispers(), /cannot be reached/) > 0, 'the reason');
      assert.equal(count([...messages(), ...ana.whispers()], /cannot be reached/), 0);
    },
  );

  on('what is delivered twice has the same id', async ({ ana, deliverTwice, heard, platform, place }) => {
    const ref = await platform.post(place, card('Approve?', button('Approve', 'yes-token')), once('ask'));

    deliverTwice();
    await ana.run('vm list');
    deliverTwice();
    await ana.press(ref, 'Approve');

    assert.equal(new Set(heard.commands.map(({ id }) => id)).size, 1);
    assert.equal(new Set(heard.presses.map(({ id }) => id)).size, 1);
  });
}

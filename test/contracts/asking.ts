import assert from 'node:assert/strict';
import type { Form } from '#chat/form.ts';
import { once } from '#chat/once-for-tests.ts';
import { button, card, count, type On } from './cards.ts';

const form: Form = {
  token: 'form-token',
  title: '/vm create',
  send: 'Run',
  takesMore: true,
  fields: [
    { name: 'name', label: 'Name', about: 'Its host name.', kind: 'text', required: true },
    { name: 'clone', label: 'Clone', about: 'Which.', kind: 'choice', choices: ['linked', 'full'], required: false },
    { name: 'keep', label: 'Keep', about: 'When it fails.', kind: 'flag', required: false },
    { name: 'size', label: 'Size', about: 'How big.', kind: 'word', required: false },
    { name: 'why', label: 'Why', about: 'For whom.', kind: 'long', required: false },
  ],
};

export function asking(on: On): void {
  on('a button brings its token, with who pressed it where', async ({ ben, heard, platform, place }) => {
    const ref = await platform.post(
      place,
      card('Approve?', button('Approve', 'yes-token'), button('Cancel', 'no-token')),
      once('ask'),
    );

    await ben.press(ref, 'Approve');

    assert.deepEqual(
      heard.presses.map(({ token, by, place: where }) => [token, by.account, where]),
      [['yes-token', ben.account, place]],
    );
  });

  on('a button that asks once more counts only when the answer is yes', async ({ ben, heard, platform, place }) => {
    const ref = await platform.post(place, card('It runs.', button('Cancel', 'stop-token', 'Sure?')), once('ask'));

    await ben.press(ref, 'Cancel', false);
    const before = heard.presses.length;
    await ben.press(ref, 'Cancel');

    assert.equal(before, 0);
    assert.deepEqual(
      heard.presses.map(({ token }) => token),
      ['stop-token'],
    );
  });

  on('a command may be answered with a form; what is wrong comes back, and what was typed stays', async (stage) => {
    const { ana, does, heard, messages, until, place } = stage;
    does.command = async () => form;
    does.submit = async ({ values }) => (values.name === 'k8s_dev' ? { name: 'That is no host name.' } : undefined);

    await ana.run('vm create');
    await until(() => ana.formOpen(), 'the form');
    await ana.fill({ name: 'k8s_dev', clone: 'linked', keep: true, why: 'for tests' });
    const complaint = ana.complaint();
    await ana.fill({ name: 'k8s-dev' });

    assert.match(complaint, /That is no host name/);
    assert.deepEqual(
      heard.forms.map(({ token, values, by, place: where }) => [token, values, by.account, where]),
      ['k8s_dev', 'k8s-dev'].map((name) => [
        'form-token',
        { name, clone: 'linked', keep: true, why: 'for tests' },
        ana.account,
        place,
      ]),
    );
    assert.equal(count(messages(), /vm create/), 0);
  });

  on('a button may open a form', async ({ ben, does, heard, platform, place, until }) => {
    does.press = async () => ({ ...form, title: 'Reject' });
    const ref = await platform.post(place, card('Approve?', button('Reject', 'no-token')), once('ask'));

    await ben.press(ref, 'Reject');
    await until(() => ben.formOpen(), 'the form');
    await ben.fill({ name: 'because' });

    assert.deepEqual([heard.forms[0]?.values, heard.forms[0]?.by.account], [{ name: 'because' }, ben.account]);
  });

  on('words are offered while somebody fills in', async ({ ana, does, heard, until }) => {
    does.command = async () => form;
    does.words = async () => [{ word: 'medium', about: '2 CPUs, 4 GiB' }];

    await ana.run('vm create');
    await until(() => ana.formOpen(), 'the form');
    const words = await ana.words('size', 'me');

    assert.ok(words.includes('medium'));
    const wanted = heard.wanted.find(({ typed }) => typed === 'me');
    assert.deepEqual([wanted?.field, wanted?.by.account], ['size', ana.account]);
    assert.ok(['form-token', 'vm create'].includes(wanted?.token ?? ''));
  });

  on('the home view is each person’s own', async ({ ana, ben, does }) => {
    does.home = async (by) => card(`What waits for ${by.account.slice(-3).toLowerCase()}`);

    // Where there is no home view, a command shows the same.
    const seen = await Promise.all([ana.home?.(), ben.home?.()]);

    if (ana.home) assert.notEqual(seen[0], seen[1]);
    assert.ok(seen.every((text) => text === undefined || /What waits for/.test(text)));
  });
}

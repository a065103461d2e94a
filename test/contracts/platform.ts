import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Block, Card } from '#base/card.ts';
import { RemoteError } from '#base/errors.ts';
import { DeliveryError } from '#chat/delivery-error.ts';
import type { Form } from '#chat/form.ts';
import type { Stage } from './stage.ts';

const card = (text: string, ...more: Block[]): Card => ({
  tone: 'info',
  fallback: text,
  blocks: [{ kind: 'text', text }, ...more],
});
const once = (key: string) => ({ key, again: false });
const button = (label: string, token: string, confirm?: string): Block => ({
  kind: 'actions',
  actions: [{ label, token, ...(confirm === undefined ? {} : { confirm }) }],
});

const form: Form = {
  token: 'form-token',
  title: '/vm create',
  send: 'Run',
  takesMore: true,
  fields: [
    { name: 'name', label: 'Name', about: 'Its host name.', kind: 'text', required: true },
    { name: 'clone', label: 'Clone', about: 'Which.', kind: 'choice', choices: ['linked', 'full'], required: false },
    { name: 'keep', label: 'Keep', about: 'When it fails.', kind: 'flag', required: false },
    { name: 'why', label: 'Why', about: 'For whom.', kind: 'long', required: false },
  ],
};

/** What every chat platform does, run with the platform's own client (or its emulator's) at the other end. */
export function platformContract(name: string, start: () => Promise<Stage>): void {
  /** Runs on a fresh stage; at its end nothing may have been sent that the vendor does not take. */
  const on = (title: string, act: (stage: Stage) => Promise<void>) =>
    test(title, async () => {
      await using stage = await start();
      await act(stage);
      assert.deepEqual(stage.violations(), []);
    });

  describe(`${name}: what people do`, () => {
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
      assert.deepEqual(new Set(heard.commands[1]?.by.groups), new Set(benIn));
      assert.equal(new Set(heard.commands.map(({ id }) => id)).size, 2);
    });

    on('when nothing was kept, the person reads why, and the line is not lost', async ({ ana, does, until }) => {
      does.command = () => Promise.reject(new RemoteError('Redis', 'It cannot be reached.', { outcome: 'passing' }));

      await ana.run('vm create', { name: 'k8s-dev' });

      await until(() => ana.whispers().some((text) => /cannot be reached/.test(text)), 'the reason');
      assert.ok(ana.whispers().some((text) => /vm create k8s.?-dev/.test(text)));
    });

    on('a button brings its token, with who pressed it; one that asks once more does so', async (stage) => {
      const { ben, heard, platform, place } = stage;
      const ref = await platform.post(
        place,
        card('Approve?', button('Approve', 'yes-token'), button('Cancel', 'stop-token', 'Sure?')),
        once('ask'),
      );

      await ben.press(ref, 'Approve');
      await ben.press(ref, 'Cancel');

      assert.deepEqual(
        heard.presses.map(({ token, by }) => [token, by.account]),
        [
          ['yes-token', ben.account],
          ['stop-token', ben.account],
        ],
      );
    });

    on('a command may be answered with a form; complaints come back, and what was right is taken', async (stage) => {
      const { ana, does, heard, until } = stage;
      does.command = async () => form;
      does.submit = async ({ values }) => (values.name === 'k8s_dev' ? { name: 'That is no host name.' } : undefined);

      await ana.run('vm create');
      await until(() => ana.formOpen(), 'the form');
      await ana.fill({ name: 'k8s_dev', clone: 'linked' });
      await ana.fill({ name: 'k8s-dev', clone: 'linked', keep: true, why: 'for tests' });

      assert.deepEqual(
        heard.forms.map(({ token, values }) => [token, values]),
        [
          ['form-token', { name: 'k8s_dev', clone: 'linked' }],
          ['form-token', { name: 'k8s-dev', clone: 'linked', keep: true, why: 'for tests' }],
        ],
      );
      assert.equal(heard.forms[1]?.by.account, ana.account);
    });

    on('a button may open a form', async ({ ben, does, heard, platform, place, until }) => {
      does.press = async () => ({ ...form, title: 'Reject' });
      const ref = await platform.post(place, card('Approve?', button('Reject', 'no-token')), once('ask'));

      await ben.press(ref, 'Reject');
      await until(() => ben.formOpen(), 'the form');
      await ben.fill({ name: 'because' });

      assert.deepEqual(heard.forms[0]?.values, { name: 'because' });
    });

    on('what is delivered twice has the same id', async ({ ana, heard, deliverTwice }) => {
      deliverTwice();
      await ana.run('vm list');

      assert.equal(new Set(heard.commands.map(({ id }) => id)).size, 1);
    });
  });

  describe(`${name}: what the bot says`, () => {
    on('a card is posted, edited, and has a thread', async ({ messages, platform, place, thread, until }) => {
      const ref = await platform.post(place, card('one'), once('card:r-1'));
      await platform.post({ ...ref.place, thread: ref.id }, card('its plan'), once('plan:r-1'));
      await platform.edit(ref, card('one changed'));

      await until(() => messages().some((text) => /one changed/.test(text)), 'the edit');
      assert.equal(messages().filter((text) => /one/.test(text)).length, 1);
      assert.match(thread(ref).join('\n'), /its plan/);
    });

    on('the same key posts once, also when the first answer was lost', async (stage) => {
      const { loseNextAnswer, messages, platform, place } = stage;
      loseNextAnswer();
      const first = await platform.post(place, card('only one'), once('k')).catch((error: unknown) => error);
      const found = await platform.post(place, card('only one'), { key: 'k', again: true });
      const again = await platform.post(place, card('only one'), { key: 'k', again: true });

      assert.ok(first instanceof RemoteError ? first.outcome === 'unknown' : true);
      assert.deepEqual(again, found);
      assert.equal(messages().filter((text) => /only one/.test(text)).length, 1);
    });

    on(
      'a whisper is for one person alone, once for each key',
      async ({ ana, ben, messages, platform, place, until }) => {
        await platform.whisper(place, ana.account, card('for Ana'), 'answer:1');
        await platform.whisper(place, ana.account, card('for Ana'), 'answer:1');

        const seen = () => [...ana.whispers(), ...ana.direct()].filter((text) => /for Ana/.test(text)).length;
        await until(() => seen() > 0, 'the whisper');
        assert.equal(seen(), 1);
        assert.equal(
          [...ben.whispers(), ...ben.direct(), ...messages()].filter((text) => /for Ana/.test(text)).length,
          0,
        );
      },
    );

    on('a direct message reaches one person', async ({ ana, ben, platform, until }) => {
      const place = await platform.direct(ana.account);
      await platform.post(place, card('it is done'), once('dm'));

      await until(() => ana.direct().some((text) => /it is done/.test(text)), 'the message');
      assert.ok(!ben.direct().some((text) => /it is done/.test(text)));
    });

    on('a file comes along', async ({ files, platform, place, until }) => {
      const ref = await platform.post(
        place,
        card('its log', { kind: 'file', name: 'r-1.log', text: 'a line\n' }),
        once('f'),
      );

      await until(() => files(ref).length > 0, 'the file');
      assert.deepEqual(files(ref), ['r-1.log']);
    });

    on('hostile text stays text, and far too much of it is cut, not refused', async (stage) => {
      const { heard, messages, ana, platform, place, until } = stage;
      const hostile = '<!channel> @everyone <@U0BEN> **bold** [x](https://evil.example) ```';
      const rows = Array.from({ length: 200 }, (_, at) => [`vm-${at}`, hostile]);
      const blocks: Block[] = [
        { kind: 'title', text: hostile },
        { kind: 'fields', fields: [{ name: hostile, value: { code: hostile } }] },
        { kind: 'table', columns: ['Name', 'Text'], rows },
        { kind: 'code', text: `${'x'.repeat(100)}\n`.repeat(200) },
        button('Still here', 'the-token'),
      ];

      const ref = await platform.post(place, { tone: 'error', fallback: hostile, blocks }, once('h'));
      await until(() => messages().length > 0, 'the card');
      await ana.press(ref, 'Still here');

      assert.equal(heard.presses[0]?.token, 'the-token');
    });

    on('a message that is gone is told apart from one that could not be brought', async (stage) => {
      const { platform, place, remove } = stage;
      const ref = await platform.post(place, card('one'), once('k'));
      if (!remove) return;
      remove(ref);

      await assert.rejects(
        platform.edit(ref, card('two')),
        (error) => error instanceof DeliveryError && error.why === 'gone',
      );
    });

    on('it says that people can be heard', async ({ platform }) => {
      assert.deepEqual(platform.health(), { up: true });
    });
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isForm } from '#chat/form.ts';
import type { Account, ChatListener } from '#chat/platform.ts';
import { commands } from '#commands/table.ts';
import type { Meaning } from '../cards/buttons.ts';
import { ana, ben, eve, left, openHearing, stranger } from './hearing-for-tests.ts';

type Hearing = Awaited<ReturnType<typeof openHearing>>;
type Way = (hearing: Hearing, by: Account, run: string) => Promise<unknown>;

const verbs = ['cancel', 'retry', 'roll back', 'keep', 'log', 'watch', 'plan'] as const;
const meanings = (run: string): Readonly<Record<Meaning['kind'], readonly Meaning[]>> => ({
  command: [{ kind: 'command', text: '/vm create k8s-dev' }],
  vote: [true, false].map((yes) => ({ kind: 'vote', run, revision: 1, yes })),
  form: [{ kind: 'form', command: 'vm create' }],
  reject: [{ kind: 'reject', run, revision: 1 }],
  name: [{ kind: 'name', run, revision: 1 }],
  run: verbs.map((verb) => ({ kind: 'run', run, verb })),
});

/** Every way in that an adapter has. One that is added to the listener does not compile until it stands here. */
const ways: Readonly<Record<keyof ChatListener, Way>> = {
  async command(hearing, by, run) {
    for (const { example } of commands) await hearing.type(by, example.replace(/r-\w+/, run));
    for (const { path } of commands) await hearing.type(by, `/${path}`);
  },
  async press(hearing, by, run) {
    for (const meaning of Object.values(meanings(run)).flat()) {
      const heard = await hearing.press(by, meaning);
      assert.ok(!isForm(heard), `a form is shown for ${JSON.stringify(meaning)}`);
    }
  },
  async submit(hearing, by, run) {
    for (const meaning of Object.values(meanings(run)).flat()) {
      const complaints = await hearing.send(by, meaning, { name: 'x', why: 'because' });
      assert.ok(complaints, `the form of ${JSON.stringify(meaning)} is taken`);
    }
  },
  async complete({ listener, place }, by) {
    assert.deepEqual(await listener.complete('/vm ', by, place), []);
  },
  async words({ listener, place }, by) {
    assert.deepEqual(await listener.words({ token: 'vm create', field: 'size', typed: '', by, place }), []);
  },
  async home({ listener, place }, by) {
    assert.match((await listener.home(by, place)).fallback, /another Slack workspace/);
  },
};

for (const [way, act] of Object.entries(ways)) {
  test(`${way}: whoever is of another workspace changes nothing and sees nothing`, async () => {
    using hearing = await openHearing({ everybody: 'change' });
    const question = { need: 1, groups: [], selfOk: false, expiresMs: 60_000 };
    const run = await hearing.put('vm destroy', 'asking', question);
    const before = await hearing.changed();

    await act(hearing, stranger, run);

    assert.deepEqual(await hearing.changed(), before);
    for (const { text } of hearing.told) assert.match(text, /another Slack workspace|too old|no command/);
  });
}

for (const verb of ['cancel', 'retry', 'roll back', 'keep'] as const) {
  const state = verb === 'cancel' ? 'running' : 'kept';
  for (const job of ['vm create', 'vm destroy', 'a job of another version']) {
    test(`${verb} on a card of ${job}: who may not use the command is refused, and that is noted`, async () => {
      const rules = [
        { commands: ['vm *'], allow: ['platform'] },
        { commands: ['job *'], allow: ['platform'] },
      ];
      using hearing = await openHearing({ rules });
      const run = await hearing.put(job, state);
      const before = await hearing.changed();

      for (const by of [ben, eve]) await hearing.press(by, { kind: 'run', run, verb });

      assert.deepEqual(await hearing.changed(), before);
      assert.match(hearing.told[0]?.text ?? '', /Ben, you may not use/);
      assert.match(hearing.told[1]?.text ?? '', /Eve, I don't know you/);
      assert.match(hearing.told[1]?.text ?? '', /accounts: \["slack:T1:UEVE"\]/);
      const denied = (await hearing.denied()).map((fields) => fields.join(' '));
      assert.match(denied[0] ?? '', new RegExp(`key ben account ben what ${verb} .* run ${run}`));
      assert.equal(hearing.notes.length, 2);
    });
  }
}

test('a card’s buttons do what they say for whoever may use the command', async () => {
  using hearing = await openHearing({ rules: [{ commands: ['*'], allow: ['platform'] }] });
  const [running, kept] = [await hearing.put('vm create', 'running'), await hearing.put('vm create', 'kept')];

  await hearing.press(ana, { kind: 'run', run: running, verb: 'cancel' });
  await hearing.press(ana, { kind: 'run', run: kept, verb: 'roll back' });

  assert.deepEqual((await hearing.changed()).slice(2), ['cancel asked', 'roll back']);
  assert.deepEqual(await hearing.denied(), []);
});

test('a destroy that got stuck goes on, and is taken back, only when a second person says yes', async () => {
  for (const verb of ['retry', 'roll back'] as const) {
    using hearing = await openHearing();
    const run = await hearing.put('vm destroy', 'stuck');

    await hearing.press(ana, { kind: 'run', run, verb });

    const [asked] = (await hearing.runs.list({ limit: 1 })).runs;
    assert.deepEqual(asked?.input, { run, verb });
    assert.deepEqual([asked?.approval?.need, asked?.approval?.selfOk], [1, false]);
    assert.equal((await hearing.runs.read(run))?.state, 'stuck');
  }
});

test('an approval rule on a command that answers at once is obeyed', async () => {
  for (const line of ['cancel', 'retry'] as const) {
    using hearing = await openHearing({ rules: [{ commands: ['job *'], approval: { by: ['platform'] } }] });
    const run = await hearing.put('vm create', line === 'cancel' ? 'running' : 'kept');

    await hearing.type(ben, `/job ${line} ${run}`);

    const [asked] = (await hearing.runs.list({ limit: 1 })).runs;
    assert.deepEqual([asked?.job, asked?.by.key, asked?.approval?.groups], [`job ${line}`, 'ben', ['platform']]);
    assert.deepEqual((await hearing.changed()).slice(1), ['submitted']);
  }
});

test('a destroy that begins anew asks by the rules of today, and whoever began it anew is no second person', async () => {
  using hearing = await openHearing({ rules: [{ commands: ['vm destroy'], approval: { need: 1, by: ['platform'] } }] });
  const run = await hearing.put('vm destroy', 'failed', { need: 1, groups: [], selfOk: true, expiresMs: 60_000 });

  await hearing.press(ben, { kind: 'run', run, verb: 'retry' });

  const record = await hearing.runs.read(run);
  assert.deepEqual([record?.state, record?.retriedBy], ['planning', 'ben']);
  assert.deepEqual([record?.approval?.groups, record?.approval?.selfOk], [['platform'], false]);
});

test('who went on with it may not approve it, though somebody else asked first', async () => {
  using hearing = await openHearing();
  const run = await hearing.put('vm destroy', 'asking', { need: 1, groups: [], selfOk: false, expiresMs: 60_000 });
  await hearing.redis.hset(`${hearing.prefix}:run:${run}`, 'retriedBy', 'ben');

  await hearing.press(ben, { kind: 'vote', run, revision: 1, yes: true });

  assert.match(hearing.told[0]?.text ?? '', /somebody else must approve it/);
  assert.equal((await hearing.runs.read(run))?.ask?.state, 'open');
});

test('a vote of somebody who may not vote any more does not count when the decision falls', async () => {
  using hearing = await openHearing({
    rules: [{ commands: ['vm destroy'], approval: { need: 2, by: ['platform', 'night'] } }],
    groups: { night: ['ben'] },
  });
  const run = await hearing.put('vm destroy', 'asking', {
    need: 2,
    groups: ['platform', 'night'],
    selfOk: true,
    expiresMs: 60_000,
  });
  const votes = [{ key: 'carl', name: 'Carl', yes: true, at: 1 }];
  await hearing.redis.hset(`${hearing.prefix}:run:${run}`, 'ask.votes', JSON.stringify(votes));

  await hearing.press(ben, { kind: 'vote', run, revision: 1, yes: true });
  const after = await hearing.runs.read(run);
  await hearing.press(ana, { kind: 'vote', run, revision: 1, yes: true });

  assert.deepEqual([after?.ask?.state, after?.ask?.votes.map(({ key }) => key)], ['open', ['ben']]);
  assert.equal((await hearing.runs.read(run))?.ask?.state, 'approved');
});

test('who is alone types the name of the VM, and nothing else will do', async () => {
  using hearing = await openHearing({ people: [{ key: 'ana', name: 'Ana', groups: [], accounts: [] }] });
  const run = await hearing.put('vm destroy', 'asking', {
    need: 1,
    groups: [],
    selfOk: true,
    expiresMs: 60_000,
    typeName: true,
  });
  const name = { kind: 'name', run, revision: 1 } as const;

  await hearing.press(ana, { kind: 'vote', run, revision: 1, yes: true });
  const form = await hearing.press(ana, name);
  const wrong = await hearing.send(ana, name, { name: 'y' });
  const before = (await hearing.runs.read(run))?.ask?.state;
  const right = await hearing.send(ana, name, { name: ' x ' });

  assert.match(hearing.told[0]?.text ?? '', /approved by typing the name/);
  assert.ok(isForm(form) && /Type x to go on/.test(form.fields[0]?.about ?? ''));
  assert.match(wrong?.[''] ?? '', /"y" is not its name: type x/);
  assert.deepEqual([before, right], ['open', undefined]);
  assert.equal((await hearing.runs.read(run))?.ask?.state, 'approved');
});

test('a vote of somebody who left the workspace does not count when the decision falls, whatever everybody may', async () => {
  using hearing = await openHearing({ everybody: 'change' });
  const run = await hearing.put('vm destroy', 'asking', { need: 2, groups: [], selfOk: false, expiresMs: 60_000 });
  const votes = [{ key: left, name: 'Lea', yes: true, at: 1 }];
  await hearing.redis.hset(`${hearing.prefix}:run:${run}`, 'ask.votes', JSON.stringify(votes));

  await hearing.press(eve, { kind: 'vote', run, revision: 1, yes: true });
  const after = await hearing.runs.read(run);
  await hearing.press(ben, { kind: 'vote', run, revision: 1, yes: true });

  assert.equal(after?.ask?.state, 'open');
  assert.equal((await hearing.runs.read(run))?.ask?.state, 'approved');
});

test('a create that builds its template needs what /template build needs, and so does going on with it', async () => {
  const approval = { by: ['platform'] };
  const rules = [{ commands: ['template build'], allow: ['platform'], approval }];
  using hearing = await openHearing({ rules });

  await hearing.type(ben, '/vm create k8s-dev --build-template').catch(() => undefined);
  const refused = await hearing.changed();
  await hearing.type(ana, '/vm create k8s-dev --build-template');
  const [run] = (await hearing.runs.list({ limit: 1 })).runs;
  assert.ok(run);
  await hearing.press(ben, { kind: 'run', run: run.id, verb: 'cancel' }).catch(() => undefined);
  const asks = (await hearing.runs.read(run.id))?.approval?.groups;
  await hearing.type(ben, '/vm create k8s-two');

  assert.deepEqual([refused, asks], [[], ['platform']]);
  assert.equal((await hearing.denied()).length, 2);
  assert.deepEqual((await hearing.runs.list({ limit: 9 })).runs.length, 2);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { authorize, authorizeController, Denied, type Policy, type Subject } from './authorize.ts';
import type { CommandKind, Principal } from './principal.ts';
import { Rule } from './rules.ts';

const create: CommandKind = { path: 'vm create', risk: 'change' };
const destroy: CommandKind = { path: 'vm destroy', risk: 'destroy' };
const list: CommandKind = { path: 'vm list', risk: 'read' };
const jobCancel: CommandKind = { path: 'job cancel', risk: 'change' };
const jobRetry: CommandKind = { path: 'job retry', risk: 'change' };

const person = (key: string, more: Partial<Principal> = {}): Principal => {
  return { key, name: key, account: key, groups: [], known: true, ...more };
};
const ana = person('ana', { groups: ['platform'] });
const ben = person('ben');
const eve = person('slack:T1:UEVE', { name: 'Eve "\u202Ex" Ünal', account: 'slack:T1:UEVE', known: false });

const policy = (rules: readonly object[] = [], more: Partial<Policy> = {}): Policy => {
  return { rules: rules.map((rule) => Rule.parse(rule)), everybody: 'read', onlyOne: undefined, ...more };
};
const use = (command: CommandKind) => ({ kind: 'command', command }) as const;
const on = (command: CommandKind, more: Partial<Subject> = {}): Subject => {
  return { run: 'r-1', command, approved: false, ...more };
};
const usual = { need: 1, groups: [], selfOk: false, expiresMs: 3_600_000 };

test('without rules of one’s own, destroying needs one other person and nothing else needs anybody', () => {
  assert.deepEqual(authorize(policy(), use(destroy), ana).approval, usual);
  assert.equal(authorize(policy(), use(create), ana).approval, undefined);
});

test('the first rule that fits counts', () => {
  const rules = policy([{ commands: ['vm list'] }, { commands: ['vm *'], allow: ['platform'] }]);

  assert.equal(authorize(rules, use(list), ben).approval, undefined);
  assert.throws(
    () => authorize(rules, use(create), ben),
    (error) => error instanceof Denied && /ben, you may not use \/vm create: it is for platform/.test(error.message),
  );
  assert.equal(authorize(rules, use(create), ana).approval, undefined);
});

test('what no rule fits keeps the default: destroying asks a second person', () => {
  assert.deepEqual(authorize(policy([{ commands: ['vm create'] }]), use(destroy), ana).approval, usual);
});

test('a rule for everything takes nothing from destroying, unless it says approval: none', () => {
  for (const pattern of ['*', 'vm *', 'risk:destroy', 'vm destroy']) {
    assert.deepEqual(authorize(policy([{ commands: [pattern] }]), use(destroy), ana).approval, usual, pattern);
    const none = policy([{ commands: [pattern], approval: 'none' }]);
    assert.equal(authorize(none, use(destroy), ana).approval, undefined, pattern);
  }
});

test('whoever is not known may look and no more, unless everybody may change; the refusal has the line to paste', () => {
  assert.equal(authorize(policy(), use(list), eve).approval, undefined);
  assert.throws(
    () => authorize(policy([{ commands: ['*'] }]), use(create), eve),
    (error) => {
      assert.ok(error instanceof Denied);
      const [written] = parse(error.hint?.slice(error.hint.indexOf('- {')) ?? '') as Record<string, unknown>[];
      assert.deepEqual(written, { key: 'eve-x-u-nal', name: 'Eve "x" Ünal', accounts: ['slack:T1:UEVE'] });
      return true;
    },
  );
  assert.ok(authorize(policy([], { everybody: 'change' }), use(create), eve));
});

test('whoever is of another workspace may not even look, whatever everybody may', () => {
  const stranger = { ...eve, outside: 'you are of another Slack workspace (T9)' };
  for (const action of [use(list), use(create), { kind: 'join' }] as const) {
    assert.throws(() => authorize(policy([], { everybody: 'change' }), action, stranger), /another Slack workspace/);
  }
});

test('the one person whom the configuration names types the name of what goes, instead of asking nobody', () => {
  const alone = policy([], { onlyOne: 'ana' });

  assert.deepEqual(authorize(alone, use(destroy), ana).approval, { ...usual, selfOk: true, typeName: true });
});

test('who is alone but not in the group that must approve asks in vain, and is not let through', () => {
  const rules = [{ commands: ['vm destroy'], approval: { by: ['night'] } }];

  const { approval } = authorize(policy(rules, { onlyOne: 'ana' }), use(destroy), ana);

  assert.equal(approval?.typeName, undefined);
});

for (const kind of ['cancel', 'retry', 'roll back', 'keep'] as const) {
  const command = kind === 'retry' ? jobRetry : jobCancel;

  test(`${kind} needs the right to ${command.path} and to the command that started the job`, () => {
    const ofCreate = policy([{ commands: ['vm create'], allow: ['platform'] }]);
    const ofJobs = policy([{ commands: ['job *'], allow: ['platform'] }]);

    for (const rules of [ofCreate, ofJobs]) {
      assert.throws(() => authorize(rules, { kind, command }, ben, on(create)), /it is for platform/);
      assert.ok(authorize(rules, { kind, command }, ana, on(create)));
    }
    assert.throws(() => authorize(policy(), { kind, command }, eve, on(create)), /I don't know you/);
  });

  test(`an approval rule on ${command.path} counts for ${kind}`, () => {
    const rules = policy([{ commands: [command.path], approval: { by: ['platform'] } }]);

    assert.deepEqual(authorize(rules, { kind, command }, ben, on(create)).approval?.groups, ['platform']);
  });
}

test('retrying and taking back what destroys asks as the command itself does; stopping it never waits', () => {
  const ask = (kind: 'cancel' | 'retry' | 'roll back' | 'keep', command: CommandKind) =>
    authorize(
      policy(),
      { kind, command: kind === 'retry' ? jobRetry : jobCancel },
      ana,
      on(command, { approved: true }),
    ).approval;

  assert.deepEqual([ask('retry', destroy), ask('roll back', destroy)], [usual, usual]);
  assert.deepEqual([ask('cancel', destroy), ask('keep', destroy)], [undefined, undefined]);
  assert.deepEqual([ask('retry', create), ask('roll back', create)], [undefined, undefined]);
});

test('a vote is for who is known and in the group, and counts for nobody who may not ask any more', () => {
  const yes = { kind: 'vote', yes: true, asker: ben, question: { ...usual, groups: ['platform'] } } as const;
  const asked = on(destroy);

  assert.ok(authorize(policy(), yes, ana, asked));
  assert.throws(() => authorize(policy(), yes, person('cleo'), asked), /it is for other groups/);
  assert.throws(() => authorize(policy(), { ...yes, question: usual }, eve, asked), /I don't know you/);
  const left = policy([{ commands: ['vm destroy'], allow: ['platform'] }]);
  assert.throws(() => authorize(left, yes, ana, asked), /ben, who asked for this, may not use \/vm destroy any more/);
  assert.ok(authorize(left, { ...yes, yes: false }, ben, asked), 'but may take it back');
  const gone = { ...yes, asker: { ...ben, outside: 'you left' } };
  assert.throws(() => authorize(policy(), gone, ana, asked), /ben, who asked for this, is not here any more/);
});

test('a question that is answered with a name takes no mere press, and none when others came since', () => {
  const question = { ...usual, selfOk: true, typeName: true };
  const press = { kind: 'vote', yes: true, asker: ana, question } as const;
  const alone = policy([], { onlyOne: 'ana' });

  assert.ok(authorize(alone, { ...press, typedName: true }, ana, on(destroy)));
  assert.throws(() => authorize(alone, press, ana, on(destroy)), /typing the name/);
  assert.throws(
    () => authorize(policy(), { ...press, typedName: true }, ana, on(destroy)),
    /others who can approve now/,
  );
});

test('the bot’s own clock rolls back what was kept long enough, and does nothing else', () => {
  assert.ok(authorizeController({ kind: 'roll back', command: jobCancel }, 'kept jobs', on(create)));
  assert.throws(() => authorizeController({ kind: 'retry', command: jobRetry }, 'kept jobs', on(create)), Denied);
  assert.throws(() => authorizeController({ kind: 'roll back', command: jobCancel }, 'made up', on(create)), Denied);
});

test('a weaker rule on job retry or job cancel takes nothing from what the command itself asks', () => {
  const rules = policy([
    { commands: ['vm destroy'], approval: { need: 2, by: ['platform'], expires: '30m' } },
    { commands: ['risk:change'], approval: { need: 1, selfOk: true } },
  ]);
  const needed = { need: 2, groups: ['platform'], selfOk: false, expiresMs: 1_800_000 };

  const retry = authorize(rules, { kind: 'retry', command: jobRetry }, ana, on(destroy));
  const rollBack = authorize(rules, { kind: 'roll back', command: jobCancel }, ana, on(destroy));

  assert.deepEqual([retry.approval, rollBack.approval], [needed, needed]);
});

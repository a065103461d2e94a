import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '#base/errors.ts';
import { defaultRules, judge, Rule } from './policy.ts';
import { vmCreate } from './vm/create.ts';
import { vmDestroy } from './vm/destroy.ts';
import { vmList } from './vm/list.ts';

const ana = { key: 'ana', name: 'Ana', groups: ['platform'] };
const guest = { key: 'eve', name: 'Eve', groups: [] };

test('without rules of one’s own, destroying needs one other person and nothing else needs anybody', () => {
  assert.deepEqual(judge(defaultRules, vmDestroy, ana), { need: 1, groups: [], selfOk: false, expiresMs: 3_600_000 });
  assert.equal(judge(defaultRules, vmCreate, ana), undefined);
});

test('the first rule that fits counts', () => {
  const rules = [Rule.parse({ commands: ['vm list'] }), Rule.parse({ commands: ['vm *'], allow: ['platform'] })];

  assert.equal(judge(rules, vmList, guest), undefined);
  assert.throws(
    () => judge(rules, vmCreate, guest),
    (error) => error instanceof UserError && /Eve, you may not use \/vm create: it is for platform/.test(error.message),
  );
  assert.equal(judge(rules, vmCreate, ana), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaintsAbout, warningsAbout } from './lint.ts';
import type { CommandKind } from './principal.ts';
import { onlyOne, type Roster } from './roster.ts';
import { Rule } from './rules.ts';

const commands: readonly CommandKind[] = [
  { path: 'vm create', risk: 'change' },
  { path: 'vm list', risk: 'read' },
  { path: 'vm destroy', risk: 'destroy' },
  { path: 'job cancel', risk: 'change' },
  { path: 'me link', risk: 'change', answers: true },
];
const ana = { key: 'ana', groups: ['platform'], accounts: ['slack:T1:U1'] };
const ben = { key: 'ben', groups: ['platform'], accounts: [] };

const roster = (rules: readonly object[], more: Partial<Roster> = {}): Roster => ({
  ...{ people: [ana, ben], groups: {}, everybody: 'read', platforms: ['slack'] },
  ...more,
  rules: rules.map((rule) => Rule.parse(rule)),
});
const complaints = (rules: readonly object[], more?: Partial<Roster>) =>
  complaintsAbout(roster(rules, more), commands).map(({ path, message }) => `${path.join('.')}: ${message}`);
const warnings = (rules: readonly object[], more?: Partial<Roster>) => warningsAbout(roster(rules, more), commands);

test('patterns that fit no command are complaints, with what was probably meant', () => {
  const [typo, slash, risk, noun, ...others] = complaints([
    { commands: ['vm destory', '/vm destroy', 'risk:destory', 'vms *', 'vm *', '*', 'risk:read'] },
  ]);

  assert.equal(typo, 'rules.0.commands.0: "vm destory" fits no command. Did you mean "vm destroy"?');
  assert.match(slash ?? '', /commands\.1: "\/vm destroy" fits no command\. Did you mean "vm destroy"\?/);
  assert.match(risk ?? '', /commands\.2: "risk:destory" .* Did you mean "risk:destroy"\?/);
  assert.match(noun ?? '', /commands\.3: "vms \*" .* Did you mean "vm \*"\?/);
  assert.deepEqual(others, []);
});

test('groups that nobody can be in are complaints', () => {
  const [unknown, away, ...others] = complaints(
    [
      { commands: ['vm create'], allow: ['platfrom', 'platform', 'slack:ops'] },
      { commands: ['vm destroy'], approval: { by: ['discord:Ops', 'ops'] } },
    ],
    { groups: { ops: ['slack:U', 'ana'] } },
  );

  assert.match(unknown ?? '', /rules\.0\.allow\.0: nobody can be in "platfrom"\. Did you mean platform\?/);
  assert.match(away ?? '', /rules\.1\.approval\.by\.0: nobody can be in "discord:Ops"\. discord is not connected/);
  assert.deepEqual(others, []);
});

test('a member of a group that is no person, account or group is a complaint', () => {
  const [wrong, ...others] = complaints([], {
    groups: {
      ops: ['slakc:ops', 'ana', 'slack:ops', 'discord:900000000000000010', 'platform', 'night'],
      night: ['ben'],
    },
  });

  assert.match(wrong ?? '', /groups\.ops\.0: "slakc:ops" is no person, account or group/);
  assert.deepEqual(others, []);
});

test('lengths of time that are none, and questions about what nobody can be asked about, are complaints', () => {
  const found = complaints([
    { commands: ['vm destroy'], approval: { expires: 'soon' } },
    { commands: ['vm create'], approval: { expires: '0s' } },
    { commands: ['vm list', 'me link'], approval: {} },
    { commands: ['*'], approval: {} },
  ]);

  assert.match(found[0] ?? '', /rules\.0\.approval\.expires: "soon" is not a length of time/);
  assert.match(found[1] ?? '', /rules\.1\.approval\.expires: "0s" is too short/);
  assert.match(found[2] ?? '', /rules\.2\.commands\.0: "vm list" changes nothing that somebody could approve/);
  assert.match(found[3] ?? '', /rules\.2\.commands\.1: "me link"/);
  assert.equal(found.length, 4);
});

test('a rule behind one that fits first is a warning', () => {
  const found = warnings([{ commands: ['*'] }, { commands: ['vm destroy'], approval: { need: 1 } }]);

  assert.deepEqual(found, [
    'Rule 2 never counts for "vm destroy": rule 1 stands before it and fits first. Put it above.',
  ]);
  assert.deepEqual(warnings([{ commands: ['vm destroy'] }, { commands: ['*'] }]), []);
});

test('a rule that nobody can satisfy is a warning', () => {
  const [night, many, ...others] = warnings(
    [
      { commands: ['vm create'], approval: { need: 1, by: ['only'] }, allow: ['only'] },
      { commands: ['vm destroy'], approval: { need: 2 } },
      { commands: ['job cancel'], approval: { need: 1, by: ['platform'] } },
    ],
    { groups: { only: ['ana'] } },
  );

  assert.equal(
    night,
    'Nobody can satisfy rule 1: it needs a yes of 1 person of only besides the asker, and the configuration names 0.',
  );
  assert.match(many ?? '', /Nobody can satisfy rule 2: it needs a yes of 2 people besides the asker, .* names 1\./);
  assert.deepEqual(others, []);
  assert.deepEqual(warnings([{ commands: ['vm destroy'], approval: { need: 9 } }], { everybody: 'change' }), []);
});

test('that nobody may change anything is a warning', () => {
  assert.match(warnings([], { people: [] })[0] ?? '', /^Nobody may change anything/);
  assert.deepEqual(warnings([], { people: [], everybody: 'change' }), []);
  assert.deepEqual(warnings([], { people: [], groups: { ops: ['slack:ops'] } }), []);
});

test('one person is alone only when the configuration names nobody else: platform groups and everybody count as more', () => {
  const one = { people: [ana] };

  assert.equal(onlyOne(roster([], one)), 'ana');
  assert.equal(onlyOne(roster([], { ...one, groups: { ops: ['ana', 'slack:T1:U1'] } })), 'ana');
  assert.equal(onlyOne(roster([])), undefined);
  assert.equal(onlyOne(roster([], { ...one, everybody: 'change' })), undefined);
  assert.equal(onlyOne(roster([], { ...one, groups: { ops: ['slack:ops'] } })), undefined);
  assert.equal(onlyOne(roster([], { ...one, groups: { ops: ['discord:Ops'] } })), undefined, 'readable or not');
  assert.equal(onlyOne(roster([{ commands: ['*'], allow: ['slack:ops'] }], one)), undefined);
  assert.equal(onlyOne(roster([], { ...one, groups: { ops: ['slack:T1:U2'] } })), undefined);
  assert.equal(onlyOne(roster([], { people: [] })), undefined);
});

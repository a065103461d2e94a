import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '#base/errors.ts';
import { findCommand } from './find.ts';
import { readArgs } from './read.ts';
import { commands } from './table.ts';

test('finds a command and the words after it', () => {
  const { command, words } = findCommand(commands, '/vm create k8s-dev medium');

  assert.deepEqual([command.path, words], ['vm create', ['k8s-dev', 'medium']]);
});

test('the slash and the case do not matter', () => {
  assert.equal(findCommand(commands, 'VM List').command.path, 'vm list');
});

for (const [line, complaint, offer] of [
  ['/vn create a', /no command \/vn\. Did you mean \/vm\?/, '/vm create a'],
  ['/vm craete a medium', /cannot "craete"\. Did you mean create\?/, '/vm create a medium'],
  ['/vm delete a', /cannot "delete"\. Did you mean destroy\?/, '/vm destroy a'],
  ['/vm rm "a b"', /Did you mean destroy\?/, '/vm destroy "a b"'],
  ['/vm ls', /Did you mean list\?/, '/vm list'],
  ['/vm new a', /Did you mean create\?/, '/vm create a'],
  ['/job abort r-1', /Did you mean cancel\?/, '/job cancel r-1'],
  ['/delete a', /no command \/delete\. Did you mean \/vm destroy\?/, '/vm destroy a'],
  ['/create a', /Did you mean \/vm create\?/, '/vm create a'],
  ['/vm', /\/vm can create, list/, undefined],
  ['/vm frobnicate', /\/vm can create, list/, undefined],
  ['', /Type a command/, undefined],
] as const) {
  test(`"${line}" is answered with what was probably meant`, () => {
    assert.throws(
      () => findCommand(commands, line),
      (error) => error instanceof UserError && complaint.test(error.message) && error.offers[0]?.command === offer,
    );
  });
}

for (const { path, example } of commands) {
  test(`the example of /${path} works as it stands`, () => {
    const { command, words } = findCommand(commands, example);

    readArgs(command, words);

    assert.equal(command.path, path);
  });
}

test('letters that show nothing are left out', () => {
  const { words } = findCommand(commands, '\u200b/vm show web\u202e9\u0000\n');

  assert.deepEqual(words, ['web9']);
});

test('no synonym is a verb of its noun, and none stands for two commands', () => {
  for (const noun of new Set(commands.map(({ path }) => path.split(' ')[0]))) {
    const own = commands.filter(({ path }) => path.startsWith(`${noun} `));
    const words = own.flatMap(({ path, synonyms = [] }) => [path.split(' ')[1] ?? '', ...synonyms]);

    assert.deepEqual(words.length, new Set(words).size);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '#base/errors.ts';
import type { Person } from '#chat/platform.ts';
import type { Desk } from './desk.ts';
import { findCommand } from './find.ts';
import { readArgs } from './read.ts';
import { commands } from './table.ts';

const ana: Person = { key: 'ana', account: 'web:ana', name: 'Ana', groups: [], known: true };
/** Commands that start a job look at nothing but the pool of their channel. */
const desk = { table: commands, pool: undefined, cluster: 'lab' } as unknown as Desk;

const paths = fc.constantFrom(...commands.map(({ path }) => path), 'vm', 'vm delete', 'wm list', 'constructor', '');
const options = fc
  .constantFrom(...new Set(commands.flatMap(({ args }) => Object.keys(args))))
  .map((name) => `--${name}`);
const hostile = [
  '__proto__',
  'toString',
  '--',
  '-c',
  '-',
  '—cpus',
  '"',
  "'",
  '--=',
  '--cpus=',
  '*',
  '0',
  '-1',
  '9e99',
  '1e400G',
];
const amounts = fc
  .tuple(fc.nat(), fc.constantFrom('', 'G', 'gib', 'T', 'M', '.5G', 'GG'))
  .map((parts) => parts.join(''));
const word = fc.oneof(options, amounts, fc.constantFrom(...hostile), fc.string(), fc.string({ unit: 'grapheme' }));
const line = fc.tuple(fc.constantFrom('/', '', ' / '), paths, fc.array(word, { maxLength: 6 }));

test('whatever is typed becomes a job’s input, or a sentence that says what is wrong with it', async () => {
  await fc.assert(
    fc.asyncProperty(line, async ([slash, path, words]) => {
      try {
        const { command, words: rest } = findCommand(commands, `${slash}${path} ${words.join(' ')}`);
        const values = readArgs(command, rest);
        if (command.risk === 'read' || !command.args['dry-run']) return;
        const outcome = await command.run(values, desk, ana);
        if ('job' in outcome) assert.equal(outcome.job.input.safeParse(outcome.input).error, undefined);
      } catch (error) {
        assert.ok(error instanceof UserError, String(error));
        assert.doesNotMatch(error.message, /Invalid|expected|undefined|NaN|\[object/);
      }
    }),
    { numRuns: 3000 },
  );
});

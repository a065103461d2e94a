import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { help } from '#commands/bot/help.ts';
import { findCommand } from '#commands/find.ts';
import { readArgs } from '#commands/read.ts';
import { commands } from '#commands/table.ts';
import { vmCreate } from '#commands/vm/create.ts';
import { vmList } from '#commands/vm/list.ts';
import { vmShow } from '#commands/vm/show.ts';
import { lineOfForm, wantsForm } from './command-form.ts';
import type { FilledBy } from './heard.ts';

const filled = (values: FilledBy['values']): FilledBy => ({
  ...{ id: '1', token: 't', values },
  place: { platform: 'slack', channel: 'C1' },
  by: { key: 'ana', account: 'slack:T:U', name: 'Ana', groups: [], known: true },
});

test('a command that needs more than its name is asked for with a form when only its name is typed', () => {
  assert.equal(wantsForm(vmCreate, []), true);
  assert.equal(wantsForm(vmShow, []), true);
  assert.equal(wantsForm(vmCreate, ['k8s-dev']), false);
  assert.equal(wantsForm(vmList, []), false);
  assert.equal(wantsForm(help, []), false, 'what only reads and needs nothing is answered at once');
});

test('a form stands for a line, and what is typed besides its fields goes on behind', () => {
  const line = lineOfForm(
    vmCreate,
    filled({ name: 'k8s-dev', size: 'medium', cpus: '4', keep: true, more: '--node pve2 ' }),
  );

  assert.deepEqual(line, { text: '/vm create k8s-dev medium --cpus 4 --keep --node pve2' });
});

test('each field that is wrong says so, and no line comes of it', () => {
  const line = lineOfForm(vmCreate, filled({ name: 'k8s-dev', cpus: 'four', clone: 'quick' }));

  assert.deepEqual(line, {
    complaints: {
      cpus: 'cpus must be a whole number, and is "four".',
      clone: 'clone can\'t be "quick". Known: linked, full.',
    },
  });
});

test('whatever is filled in, the line says the same', () => {
  const word = fc.stringMatching(/^[a-z0-9][a-z0-9 .:'-]{0,12}$/).filter((text) => text.trim() === text);
  const values = fc.record({ name: word, size: word, node: word, template: word }, { requiredKeys: [] });
  fc.assert(
    fc.property(values, (given) => {
      const line = lineOfForm(vmCreate, filled(given));
      assert('text' in line);
      const { command, words } = findCommand(commands, line.text);
      const read = readArgs(command, words);
      for (const [name, value] of Object.entries(given)) assert.equal(read[name], value, line.text);
    }),
  );
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, codeOf } from './rest-for-tests.ts';
import { startDiscord } from './start.ts';

const commandsOf = (lab: { applicationId: string; guildId: string }, guild = false) =>
  `/applications/${lab.applicationId}${guild ? `/guilds/${lab.guildId}` : ''}/commands`;
const command = (more: object = {}) => ({ name: 'vm', description: 'Machines', ...more });
const option = (more: object = {}) => ({ type: 3, name: 'name', description: 'd', ...more });

const wrong: readonly (readonly [string, object])[] = [
  ['an upper-case name', command({ name: 'Vm' })],
  ['a name with a space', command({ name: 'vm create' })],
  ['no description', command({ description: '' })],
  ['26 options', command({ options: Array.from({ length: 26 }, (_, n) => option({ name: `o${n}` })) })],
  ['a required option after another', command({ options: [option(), option({ name: 'b', required: true })] })],
  ['the same option twice', command({ options: [option(), option()] })],
  ['subcommands beside options', command({ options: [option({ type: 1, name: 'a' }), option()] })],
  ['subcommands in subcommands', command({ options: [option({ type: 1, options: [option({ type: 1 })] })] })],
  [
    'choices beside autocomplete',
    command({ options: [option({ autocomplete: true, choices: [{ name: 'a', value: 'a' }] })] }),
  ],
  [
    'over 8000 characters in all',
    command({
      options: Array.from({ length: 4 }, (_, n) =>
        option({
          name: `o${n}`,
          choices: Array.from({ length: 25 }, (_, m) => ({ name: `${m}`.padEnd(45), value: `${m}`.padEnd(45, 'v') })),
        }),
      ),
    }),
  ],
];

describe('a command is refused that has', () => {
  for (const [what, body] of wrong) {
    test(what, async () => {
      await using lab = await startDiscord();

      const answer = await ask(lab, 'POST', commandsOf(lab), body);

      assert.equal(codeOf(answer), '400 50035');
    });
  }
});

test('a command is made, replaced under the same name, changed and deleted', async () => {
  await using lab = await startDiscord();

  const made = await ask(lab, 'POST', commandsOf(lab), command());
  const again = await ask(lab, 'POST', commandsOf(lab), command({ description: 'Again' }));
  const one = `${commandsOf(lab)}/${made.body.id}`;
  const changed = await ask(lab, 'PATCH', one, { options: [option()] });
  const deleted = await ask(lab, 'DELETE', one);
  const gone = await ask(lab, 'GET', one);

  assert.equal(again.body.id, made.body.id);
  assert.deepEqual([changed.body.description, (changed.body.options as unknown[]).length], ['Again', 1]);
  assert.deepEqual([deleted.status, codeOf(gone), lab.violations], [204, '404 10063', []]);
});

test('a guild has its own commands, set all at once; those that stay keep their ids', async () => {
  await using lab = await startDiscord();
  const set = async (...names: string[]) => {
    const bodies = names.map((name) => command({ name, default_member_permissions: '0' }));
    const { body } = await ask(lab, 'PUT', commandsOf(lab, true), bodies);
    return new Map((body as unknown as { name: string; id: string }[]).map(({ name, id }) => [name, id]));
  };

  const before = await set('vm', 'iso');
  const after = await set('vm', 'job');
  const global = await ask(lab, 'GET', commandsOf(lab));

  assert.deepEqual([...after.keys()], ['vm', 'job']);
  assert.equal(after.get('vm'), before.get('vm'));
  assert.deepEqual([global.body, lab.violations], [[], []]);
});

test('two hundred commands can be made in a day', async () => {
  await using lab = await startDiscord({ rateLimits: false });
  const names = (from: number) => Array.from({ length: 100 }, (_, n) => command({ name: `c${from + n}` }));
  await ask(lab, 'PUT', commandsOf(lab), names(0));
  await ask(lab, 'PUT', commandsOf(lab), names(100));

  const tooMany = await ask(lab, 'PUT', commandsOf(lab, true), [command()]);
  lab.pass(24 * 60 * 60_000);
  const nextDay = await ask(lab, 'PUT', commandsOf(lab, true), [command()]);

  assert.deepEqual([codeOf(tooMany), nextDay.status], ['400 30034', 200]);
});

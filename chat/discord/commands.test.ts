import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type APIApplicationCommandBasicOption, ApplicationCommandOptionType as Type } from 'discord.js';
import type { MenuArg, MenuItem } from '#chat/menu.ts';
import { commands } from '#commands/table.ts';
import { commandLimits, readPicked, sameCommand, slashCommands } from './commands.ts';

const menu = (args: MenuItem['args'], path = 'vm create'): MenuItem[] => [
  { path, about: 'Makes one.', example: `/${path}`, risk: 'change', args },
];
const arg = (more: Partial<MenuArg>): MenuArg => ({ kind: 'text', about: 'What.', ...more });

test('every command keeps within what Discord takes', () => {
  for (const command of slashCommands(commands)) {
    assert.ok(JSON.stringify(command).length < commandLimits.characters, command.name);
    assert.ok((command.options ?? []).length <= commandLimits.options, command.name);
    assert.match(command.name, /^[\p{Ll}\p{N}_-]{1,32}$/u);
  }
  for (const { args, path } of commands) assert.ok(Object.keys(args).length <= commandLimits.options, path);
});

test('arguments become typed options, the required ones first', () => {
  const [command] = slashCommands(
    menu({
      cpus: arg({ kind: 'whole', min: 1, max: 64 }),
      name: arg({ required: true }),
      keep: arg({ kind: 'flag' }),
      clone: arg({ kind: 'choice', choices: ['linked', 'full'] }),
      node: arg({ complete: 'nodes' }),
    }),
  );

  const [verb] = command?.options ?? [];
  assert(verb?.type === Type.Subcommand);
  assert.deepEqual(
    verb.options?.map(({ name, type, required }) => [name, type, required]),
    [
      ['name', Type.String, true],
      ['cpus', Type.Integer, false],
      ['keep', Type.Boolean, false],
      ['clone', Type.String, false],
      ['node', Type.String, false],
    ],
  );
  assert.partialDeepStrictEqual(verb.options, [
    {},
    { min_value: 1, max_value: 64 },
    {},
    { choices: [{ value: 'linked' }, { value: 'full' }] },
    { autocomplete: true },
  ]);
});

describe('what was picked becomes the line that stands for it, for every command', () => {
  for (const item of commands) {
    test(item.path, () => {
      const [root, options] = pickAll(item);

      const picked = readPicked(commands, { name: root, options });

      assert.equal(picked?.item.path, item.path);
      assert.ok(picked.line.startsWith(`/${item.path}`));
      for (const name of Object.keys(item.args)) assert.ok(picked.line.includes(written(item.args[name], name)), name);
    });
  }
});

test('a command that is gone from the menu is not understood as another one', () => {
  assert.equal(readPicked(menu({}), { name: 'vm', options: [{ name: 'list', type: Type.Subcommand }] }), undefined);
});

test('what Discord adds by itself makes no difference, and what people see does', () => {
  const [wanted] = slashCommands(menu({ name: arg({ required: true }) }));
  const [other] = slashCommands(menu({ name: arg({}) }));
  assert(wanted && other);
  const registered = { ...wanted, id: '1', version: '2', dm_permission: true, nsfw: false };

  assert.ok(sameCommand(wanted, registered));
  assert.ok(!sameCommand(other, registered));
});

/** As Discord sends it when every option is filled in. */
function pickAll({ path, args }: MenuItem): [string, Parameters<typeof readPicked>[1]['options'] & object] {
  const [root = '', ...verb] = path.split(' ');
  const options = Object.entries(args).map(([name, one]) => ({
    ...{ name, type: typeOf(one) },
    value: one.kind === 'flag' ? true : written(one, name),
  }));
  return [root, verb.length > 0 ? [{ name: verb.join('-'), type: Type.Subcommand, options }] : options];
}

const typeOf = ({ kind }: MenuArg): APIApplicationCommandBasicOption['type'] =>
  kind === 'flag' ? Type.Boolean : kind === 'whole' ? Type.Integer : Type.String;
const written = (one: MenuArg | undefined, name: string) => (one?.kind === 'flag' ? `--${name}` : `a-${name}`);

import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  type APIApplicationCommandSubcommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import { type MenuArg, type MenuItem, writeLine } from '#chat/menu.ts';
import { clip } from '../clip.ts';

/** So many options, and choices of one, and characters in a command (application commands reference). */
export const commandLimits = { options: 25, choices: 25, about: 100, characters: 8000 } as const;

/** The menu as slash commands: one for each root, its verbs as subcommands, their arguments as typed options, the required ones first. */
export function slashCommands(menu: readonly MenuItem[]): RESTPostAPIChatInputApplicationCommandsJSONBody[] {
  const roots = Map.groupBy(menu, ({ path }) => path.split(' ')[0] ?? '');
  return [...roots].map(([name, items]) => {
    const [first] = items;
    const alone = items.length === 1 && first?.path === name;
    return {
      type: ApplicationCommandType.ChatInput,
      name,
      description: clip(alone && first ? first.about : `${items.map(verbOf).join(', ')}`, commandLimits.about),
      options: alone && first ? optionsOf(first) : items.map(subcommand),
    };
  });
}

function subcommand(item: MenuItem): APIApplicationCommandSubcommandOption {
  const description = clip(item.about, commandLimits.about);
  return { type: ApplicationCommandOptionType.Subcommand, name: verbOf(item), description, options: optionsOf(item) };
}

const verbOf = ({ path }: MenuItem) => path.split(' ').slice(1).join('-') || path;

function optionsOf({ args }: MenuItem): APIApplicationCommandBasicOption[] {
  const options = Object.entries(args).map(([name, arg]) => option(name, arg));
  const required = options.filter((one) => one.required);
  return [...required, ...options.filter((one) => !one.required)].slice(0, commandLimits.options);
}

function option(name: string, arg: MenuArg): APIApplicationCommandBasicOption {
  const base = { name, description: clip(arg.about, commandLimits.about), required: arg.required ?? false };
  switch (arg.kind) {
    case 'flag':
      return { ...base, type: ApplicationCommandOptionType.Boolean };
    case 'whole': {
      const range = {
        ...(arg.min === undefined ? {} : { min_value: arg.min }),
        ...(arg.max === undefined ? {} : { max_value: arg.max }),
      };
      return { ...base, ...range, type: ApplicationCommandOptionType.Integer };
    }
    case 'choice': {
      const choices = (arg.choices ?? []).slice(0, commandLimits.choices).map((value) => ({ name: value, value }));
      return { ...base, type: ApplicationCommandOptionType.String, choices };
    }
    default:
      return { ...base, type: ApplicationCommandOptionType.String, ...(arg.complete ? { autocomplete: true } : {}) };
  }
}

/** What somebody picked: the command, the line that stands for it, and the option they are typing in. */
export interface Picked {
  readonly item: MenuItem;
  readonly line: string;
  readonly focused: { readonly field: string; readonly typed: string } | undefined;
}

/** As Discord sends it, when a command is run and while it is typed. */
interface PickedOption {
  readonly name: string;
  readonly type: ApplicationCommandOptionType;
  readonly value?: string | number | boolean;
  readonly focused?: boolean | undefined;
  readonly options?: readonly PickedOption[] | undefined;
}

/** Undefined when the menu has no such command any more. */
export function readPicked(
  menu: readonly MenuItem[],
  { name, options = [] }: { readonly name: string; readonly options?: readonly PickedOption[] },
): Picked | undefined {
  const [first] = options;
  const sub = first?.type === ApplicationCommandOptionType.Subcommand ? first : undefined;
  const given = (sub ? sub.options : options) ?? [];
  const item = menu.find((one) =>
    sub ? one.path.startsWith(`${name} `) && verbOf(one) === sub.name : one.path === name,
  );
  if (!item) return undefined;
  const values: Record<string, string | number | boolean> = {};
  let focused: Picked['focused'];
  for (const one of given) {
    if (one.value === undefined) continue;
    values[one.name] = one.value;
    if (one.focused) focused = { field: one.name, typed: String(one.value) };
  }
  return { item, line: writeLine(item, values), focused };
}

/** What of two registrations people would see: Discord adds much of its own to what it was given. */
export function sameCommand(wanted: object, registered: object): boolean {
  return JSON.stringify(bare(wanted)) === JSON.stringify(bare(registered));
}

type Registered = {
  name?: string;
  description?: string;
  options?: readonly (APIApplicationCommandOption & Record<string, unknown>)[];
};

function bare(command: object): unknown {
  const { name, description, options = [] } = command as Registered;
  return {
    ...{ name, description },
    options: options.map((one) => ({
      ...(bare(one) as object),
      ...{ type: one.type, required: one.required ?? false, autocomplete: one.autocomplete ?? false },
      ...{ min: one.min_value, max: one.max_value },
      choices: ((one.choices as { name: string }[] | undefined) ?? []).map((choice) => choice.name),
    })),
  };
}

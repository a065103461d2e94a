import type { Option } from '../command.ts';
import type { CommandBody } from '../commands.ts';
import type { World } from '../world.ts';
import { refuse } from './check.ts';
import type { Complaint } from './complaints.ts';

const nameForm = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

/** Refuses what the documentation forbids and the schema lets pass: names, order, nesting, 8000 characters in all. */
export function checkCommand(
  world: World,
  where: string,
  body: CommandBody,
  path: readonly PropertyKey[] = [],
  before: readonly CommandBody[] = [],
): void {
  const found: Complaint[] = [];
  if ((body.type ?? 1) === 1) {
    found.push(...nameComplaints(body.name, [...path, 'name']), ...describeComplaints(body, path));
    found.push(...optionComplaints(body.options ?? [], [...path, 'options'], 0));
    if (lengthOf(body) > 8_000) {
      const message = 'Command exceeds maximum size (8000)';
      found.push({ path, code: 'APPLICATION_COMMAND_TOO_LARGE', message });
    }
  }
  if (before.some((other) => other.name === body.name && (other.type ?? 1) === (body.type ?? 1))) {
    const message = 'Application command names must be unique';
    found.push({ path: [...path, 'name'], code: 'APPLICATION_COMMANDS_DUPLICATE_NAME', message });
  }
  if (found.length > 0) refuse(world, where, found);
}

function nameComplaints(name: string, path: readonly PropertyKey[]): Complaint[] {
  if (nameForm.test(name) && name === name.toLowerCase()) return [];
  return [{ path, code: 'APPLICATION_COMMAND_INVALID_NAME', message: 'Command name is invalid' }];
}

function describeComplaints(of: { readonly description?: string | null }, path: readonly PropertyKey[]): Complaint[] {
  if (of.description) return [];
  return [{ path: [...path, 'description'], code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }];
}

/** Subcommands stand in groups or at the top, and never beside plain options; required options stand first. */
function optionComplaints(options: readonly Option[], path: readonly PropertyKey[], depth: number): Complaint[] {
  const found: Complaint[] = [];
  const wrong = (place: number, code: string, message: string) => found.push({ path: [...path, place], code, message });
  const branches = options.filter(({ type }) => type <= 2).length;
  let optional = false;
  for (const [place, option] of options.entries()) {
    found.push(
      ...nameComplaints(option.name, [...path, place, 'name']),
      ...describeComplaints(option, [...path, place]),
    );
    if (options.findIndex(({ name }) => name === option.name) < place) {
      wrong(place, 'APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS', 'Option names must be unique');
    }
    if (branches > 0 && option.type > 2) {
      wrong(
        place,
        'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
        'Sub-command and sub-command group option types are mutually exclusive to all other types',
      );
    }
    if ((option.type === 2 && depth > 0) || (option.type === 1 && depth > 1)) {
      wrong(place, 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', 'Subcommands and groups cannot be nested this deep');
    }
    if (option.type > 2 && option.required && optional) {
      wrong(
        place,
        'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
        'Required options must be placed before non-required options',
      );
    }
    if (option.type > 2 && !option.required) optional = true;
    if (option.autocomplete && option.choices && option.choices.length > 0) {
      wrong(place, 'APPLICATION_COMMAND_AUTOCOMPLETE_NO_CHOICES', 'autocomplete and choices are mutually exclusive');
    }
    const inner = option.type === 2 ? 1 : 2;
    if (option.type <= 2) found.push(...optionComplaints(option.options ?? [], [...path, place, 'options'], inner));
  }
  return found;
}

/** Names, descriptions and values, all together. */
function lengthOf(of: CommandBody | Option): number {
  const own = [...of.name].length + [...(of.description ?? '')].length;
  const choices = ('choices' in of ? (of.choices as Option['choices']) : undefined) ?? [];
  const ofChoices = choices.reduce((sum, { name, value }) => sum + [...name].length + [...String(value)].length, 0);
  return (of.options ?? []).reduce((sum, option) => sum + lengthOf(option), own + ofChoices);
}

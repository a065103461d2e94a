import { slackError } from './error.ts';
import type { Args, Given } from './method.ts';

/** Arguments that any call may carry. */
const everywhere = ['token', 'pretty'];

/** The arguments as they are meant. Throws what Slack answers when one is missing or can't be read. */
export function readArguments(args: Args, given: Readonly<Record<string, unknown>>): Given<Args> {
  const missing = Object.entries(args)
    .filter(([name, kind]) => kind.endsWith('!') && isMissing(given[name]))
    .map(([name]) => `[ERROR] missing required field: ${name}`);
  if (missing.length > 0) throw slackError('invalid_arguments', missing);
  const named = Object.entries(args).flatMap(([name, kind]): [string, unknown][] =>
    isMissing(given[name]) ? [] : [[name, read(name, kind.replace('!', ''), given[name])]],
  );
  return Object.fromEntries(named) as Given<Args>;
}

/** Names that the method does not know: Slack ignores them. */
export function unknownArguments(args: Args, given: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(given).filter((name) => !(name in args) && !everywhere.includes(name));
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function read(name: string, kind: string, value: unknown): unknown {
  if (kind === 'string') return String(value);
  if (kind === 'boolean') return value === true || value === 'true' || value === '1';
  if (kind === 'number') return number(name, value);
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw slackError(name === 'blocks' ? 'invalid_blocks_format' : 'invalid_arguments', [
      `[ERROR] must be valid JSON [json-pointer:/${name}]`,
    ]);
  }
}

function number(name: string, value: unknown): number {
  const count = Number(value);
  if (Number.isFinite(count)) return count;
  throw slackError('invalid_arguments', [`[ERROR] must be a number [json-pointer:/${name}]`]);
}

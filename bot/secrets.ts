import { readFileSync } from 'node:fs';
import { fileTrouble } from './file-trouble.ts';

/** A place in the configuration: `['redis', 'url']`. */
export type SettingPath = readonly PropertyKey[];

/** A value that could not be put in its place, and why. */
export interface Missing {
  readonly path: SettingPath;
  readonly message: string;
}

/**
 * Replaces `env:NAME` and `file:/path` anywhere in a configuration by what they stand for, so that no secret need stand in the file. Answers every
 * name that is missing with its place, and the places that were replaced.
 */
export function resolveSecrets(
  written: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): { value: unknown; complaints: Missing[]; replaced: SettingPath[] } {
  const complaints: Missing[] = [];
  const replaced: SettingPath[] = [];
  return { value: walk(written, []), complaints, replaced };

  function walk(value: unknown, path: readonly (string | number)[]): unknown {
    if (Array.isArray(value)) return value.map((one, index) => walk(one, [...path, index]));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one, [...path, key])]));
    }
    if (typeof value !== 'string') return value;
    const shell = /^\$\{?([A-Z_][A-Z0-9_]*)\}?$/.exec(value);
    if (shell) complaints.push({ path, message: `${value} is not replaced; write env:${shell[1]}` });
    if (value.startsWith('env:')) return fromEnvironment(value.slice('env:'.length), path);
    if (value.startsWith('file:')) return fromFile(value.slice('file:'.length), path);
    return value;
  }

  function fromEnvironment(name: string, path: readonly (string | number)[]): string {
    replaced.push(path);
    const found = environment[name];
    if (found === undefined || found === '')
      complaints.push({ path, message: `the environment variable ${name} is not set` });
    return found ?? '';
  }

  function fromFile(file: string, path: readonly (string | number)[]): string {
    replaced.push(path);
    try {
      return readFileSync(file, 'utf8')
        .trimEnd()
        .concat(path.includes('privateKey') ? '\n' : '');
    } catch (error) {
      complaints.push({ path, message: `file:${file} can't be read: ${fileTrouble(error)}` });
      return '';
    }
  }
}

/** A copy of the configuration in which the text at this place is the number or switch that it spells; the same when it spells none. */
export function withTyped(value: unknown, path: SettingPath): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return typeof value === 'string' ? typed(value) : value;
  if (Array.isArray(value)) return value.map((one, index) => (index === key ? withTyped(one, rest) : one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, name === key ? withTyped(one, rest) : one]),
  );
}

function typed(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

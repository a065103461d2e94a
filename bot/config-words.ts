import type { z } from 'zod';
import { suggest } from '#base/suggest.ts';

/**
 * What zod finds wrong, in words for whoever writes the file: what stands there, and what may. Undefined leaves the
 * message of the schema itself. A value is shown only where it can be no secret: not where a text was to stand.
 */
export function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return `is missing; it must be ${kinds[issue.expected] ?? issue.expected}`;
      return `must be ${kinds[issue.expected] ?? issue.expected}, and is ${kindOf(issue.input)}`;
    case 'unrecognized_keys':
      return `${issue.keys.map((key) => `"${key}"`).join(' and ')} ${issue.keys.length > 1 ? 'are no settings' : 'is no setting'} here`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}${meant(issue)}`;
    case 'too_small':
      if (issue.minimum === 1 && unitOf(issue.origin) !== '') return 'must not be empty';
      return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      if (issue.maximum === Number.MAX_SAFE_INTEGER) return 'is too large';
      return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_key':
      return issue.issues.map(({ message }) => message).join('; ') || 'has a name that cannot be used here';
    case 'invalid_format':
      return `must be ${formats[issue.format] ?? `written differently (${issue.format})`}`;
    case 'invalid_union':
      return `fits none of the ways in which it can be written, and is ${kindOf(issue.input)}`;
    default:
      return undefined;
  }
}

function meant({ input, values }: Pick<z.core.$ZodIssueInvalidValue, 'input' | 'values'>): string {
  const likely = typeof input === 'string' ? suggest(input, values.map(String)) : undefined;
  return likely === undefined ? '' : `; did you mean ${likely}?`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? 'a text' : 'a section';
}

const unitOf = (origin: string): string =>
  origin === 'string' ? ' characters long' : origin === 'array' || origin === 'set' ? ' entries long' : '';

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section',
  record: 'a section',
};

const formats: Readonly<Record<string, string>> = {
  url: 'an address (https://…)',
  regex: 'written as in config.example.yaml',
  email: 'a mail address',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
};

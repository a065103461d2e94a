import { badParameters } from './problem.ts';
import type { Profile } from './settings.ts';

/** One parameter of a call. `wrong` says what is wrong with a text, in Proxmox's words. */
export interface Param {
  readonly type: 'string' | 'integer' | 'boolean' | 'number';
  readonly optional: boolean;
  readonly wrong?: (text: string, profile: Profile) => string | undefined;
  /** May be sent several times (`command=ls&command=-l`), or as a JSON array. */
  readonly many?: boolean;
  /** Another parameter that must come along. */
  readonly requires?: string;
}
export type Params = Readonly<Record<string, Param>>;
/** What arrived, before it was looked at. */
export type Given = Readonly<Record<string, string | readonly string[]>>;

const required = { optional: false } as const;

export const text = (wrong?: Param['wrong']): Param => ({ type: 'string', ...required, ...(wrong ? { wrong } : {}) });
export const flag: Param = { type: 'boolean', ...required };
export const integer = (least?: number, most?: number): Param => ({
  type: 'integer',
  ...required,
  wrong: (value) => outOfRange(Number(value), least, most),
});
export const decimal = (least?: number, most?: number): Param => ({ ...integer(least, most), type: 'number' });
export const list: Param = { type: 'string', ...required, many: true };
export const optional = (param: Param): Param => ({ ...param, optional: true });
export const needs = (requires: string, param: Param): Param => ({ ...param, requires });

export const oneOf = (...values: readonly string[]): Param =>
  text((value) =>
    values.includes(value)
      ? undefined
      : `value '${value}' does not have a value in the enumeration '${values.join(', ')}'`,
  );
export const secretText = text((value) => (value.length >= 5 ? undefined : 'value must be at least 5 characters long'));
export const matching = (pattern: RegExp): Param =>
  text((value) => (pattern.test(value) ? undefined : 'value does not match the regex pattern'));
export const upTo = (length: number): Param =>
  text((value) => (value.length <= length ? undefined : `value may only be ${length} characters long`));
/** A named format of Proxmox: the complaint comes wrapped as its schema does it. */
export const format = (wrong: (value: string) => string | undefined): Param =>
  text((value) => {
    const complaint = wrong(value);
    return complaint === undefined ? undefined : `invalid format - ${complaint}\n`;
  });

export const vmid: Param = {
  type: 'integer',
  ...required,
  wrong: (value) =>
    /^[1-9][0-9]{2,8}$/.test(value) ? undefined : 'invalid format - value does not look like a valid VM ID\n',
};
export const dnsName = format((value) =>
  /^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/.test(value)
    ? undefined
    : 'value does not look like a valid DNS name',
);
export const configId = format((value) =>
  /^[a-z][a-z0-9_-]+$/i.test(value) && value.length <= 40 ? undefined : `invalid configuration ID '${value}'`,
);
export const storageId = format((value) =>
  /^[a-zA-Z][a-zA-Z0-9\-_.]*[a-zA-Z0-9]$/.test(value) ? undefined : `storage ID '${value}' contains illegal characters`,
);
export const digest = upTo(40);

/**
 * Looks at everything that was sent against what the call takes, and answers normal texts (booleans as `1` and `0`, lists
 * joined by `;`). Throws the 400 that names every wrong parameter at once.
 */
export function verify(params: Params, given: Given, profile: Profile): Record<string, string> {
  const errors: Record<string, string> = {};
  const values: Record<string, string> = {};
  for (const [name, sent] of Object.entries(given)) {
    const param = params[name];
    if (!param) {
      errors[name] = 'property is not defined in schema and the schema does not allow additional properties';
      continue;
    }
    const value = typeof sent === 'string' ? sent : sent.join(';');
    const normal = normalise(param, value);
    const complaint =
      normal === undefined ? `type check ('${param.type}') failed - got '${value}'` : param.wrong?.(normal, profile);
    if (complaint !== undefined) errors[name] = complaint;
    else if (normal !== undefined) values[name] = normal;
    if (param.requires && given[param.requires] === undefined) {
      errors[param.requires] = missingPartner(name, profile);
    }
  }
  for (const [name, param] of Object.entries(params)) {
    if (!param.optional && given[name] === undefined) errors[name] = 'property is missing and it is not optional';
  }
  if (Object.keys(errors).length > 0) throw badParameters(errors);
  return values;
}

/** A parameter that must come along did not; the two versions say it differently. */
export function missingPartner(name: string, profile: Profile): string {
  return profile === '8.4'
    ? `missing property - '${name}' requires this property`
    : `missing property required by '${name}'`;
}

function normalise(param: Param, value: string): string | undefined {
  if (param.type === 'string') return value;
  if (param.type === 'integer') return /^[+-]?\d+$/.test(value) ? value : undefined;
  if (param.type === 'number') return value !== '' && Number.isFinite(Number(value)) ? value : undefined;
  if (/^(1|on|yes|true)$/i.test(value)) return '1';
  return /^(0|off|no|false)$/i.test(value) ? '0' : undefined;
}

function outOfRange(value: number, least: number | undefined, most: number | undefined): string | undefined {
  if (least !== undefined && value < least) return `value must have a minimum value of ${least}`;
  return most !== undefined && value > most ? `value must have a maximum value of ${most}` : undefined;
}

/** What a call may carry. Undefined ones are left out, booleans become 1 and 0, a list repeats its key. */
export type Params = Readonly<Record<string, Param | readonly (string | number)[]>>;
type Param = string | number | boolean | undefined;

/**
 * A path of the API, each value one encoded segment: at`/nodes/${node}/tasks/${upid}/status`. An empty value would silently
 * name another route, so it throws.
 */
export function at(strings: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return strings.reduce((path, text, index) => path + segment(values[index - 1], strings) + text);
}

/**
 * The form encoding of Proxmox VE. Everything but letters, digits and a few marks is escaped: an open `;` would split
 * `boot=order=scsi0;net0` into two parameters, and `+` would become a space.
 */
export function form(params: Params): string {
  const pairs = Object.entries(params).flatMap(([key, value]): [string, string][] => {
    if (value === undefined) return [];
    if (typeof value === 'object') return value.map((one) => [key, String(one)]);
    return [[key, typeof value === 'boolean' ? String(Number(value)) : String(value)]];
  });
  return pairs.map(([key, value]) => `${encode(key)}=${encode(value)}`).join('&');
}

function segment(value: string | number | undefined, strings: TemplateStringsArray): string {
  const text = String(value ?? '');
  if (text === '' || text === '.' || text === '..') {
    throw new TypeError(`"${text}" can't be a part of the API path ${strings.join('…')}`);
  }
  return encode(text);
}

const encode = (text: string) => encodeURIComponent(text.toWellFormed());

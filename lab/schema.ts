/**
 * Proxmox VE's own description of its API, as its documentation generates it. The lab has none of it: whoever has the file gives
 * it, and then every call and every answer is held against it.
 */
export interface ApiSchema {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Method>>>>;
}

export interface Method {
  readonly parameters?: Described;
  readonly returns?: Described;
}

/** One value: a parameter, a part of a property string, an answer. `optional` and `additionalProperties` are 0 or 1. */
export interface Described {
  readonly type?: string;
  readonly optional?: number | boolean;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  /** A name (`pve-vmid`), or the parts of a property string. */
  readonly format?: string | Readonly<Record<string, Described>>;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly items?: Described;
  readonly additionalProperties?: number | boolean | object;
  readonly requires?: string;
  readonly default_key?: number;
  readonly alias?: string;
  readonly keyAlias?: string;
}

/** What is wrong with the parameters of a call, those in its path included. `path` is a template: `/nodes/{node}/qemu`. */
export function requestComplaints(
  schema: ApiSchema,
  method: string,
  path: string,
  given: Readonly<Record<string, string | readonly string[]>>,
): string[] {
  const found = schema.paths[path]?.[method];
  if (!found) return ['there is no such call'];
  const known = found.parameters?.properties ?? {};
  const wrong = Object.entries(given).flatMap(([name, value]) => {
    const described = known[name] ?? known[name.replace(/\d+$/, '[n]')];
    if (!described) return [`${name} is not known`];
    const partner = described.requires;
    const alone = partner !== undefined && given[partner] === undefined ? [`${name} needs ${partner}`] : [];
    return [...alone, ...[value].flat().flatMap((one) => textComplaints(name, described, one))];
  });
  const missing = Object.entries(known)
    .filter(([name, { optional }]) => !optional && given[name] === undefined)
    .map(([name]) => `${name} is missing`);
  return [...wrong, ...missing];
}

/** What is wrong with the `data` of an answer. Numbers may be texts and truths 0 and 1, as Perl has them. */
export function answerComplaints(schema: ApiSchema, method: string, path: string, data: unknown): string[] {
  const returns = schema.paths[path]?.[method]?.returns;
  return returns ? valueComplaints('data', returns, data) : [];
}

function textComplaints(name: string, described: Described, value: string): string[] {
  const { type, format } = described;
  const numeric = type === 'integer' ? /^[+-]?\d+$/ : type === 'number' ? /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i : undefined;
  if (numeric && !numeric.test(value)) return [`${name}: ${value} is no ${type}`];
  if (type === 'boolean' && !/^(0|1|on|off|yes|no|true|false)$/i.test(value))
    return [`${name}: ${value} is no boolean`];
  const limits = numeric ? rangeComplaint(described, Number(value)) : lengthComplaint(described, value);
  if (limits !== undefined) return [`${name}: ${value} ${limits}`];
  if (described.enum && !described.enum.includes(value)) return [`${name}: ${value} is not in the enumeration`];
  if (described.pattern !== undefined && !fromPerl(described.pattern).test(value)) {
    return [`${name}: ${value} does not match ${described.pattern}`];
  }
  if (typeof format === 'object') return partComplaints(name, format, value);
  return format === undefined || formats[format]?.test(value) !== false ? [] : [`${name}: ${value} is no ${format}`];
}

/** Perl prints a compiled expression as `(?^:…)`. */
function fromPerl(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern.replaceAll('(?^', '(?')})$`);
}

function rangeComplaint({ minimum, maximum }: Described, value: number): string | undefined {
  if (minimum !== undefined && value < minimum) return `is less than ${minimum}`;
  return maximum !== undefined && value > maximum ? `is more than ${maximum}` : undefined;
}

function lengthComplaint({ minLength = 0, maxLength = Number.POSITIVE_INFINITY }: Described, value: string) {
  return value.length < minLength || value.length > maxLength ? 'is too short or too long' : undefined;
}

/** Named formats that can be told by their looks. */
const formats: Readonly<Record<string, RegExp>> = {
  'pve-vmid': /^[1-9]\d{2,8}$/,
  'pve-node': /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i,
  'pve-storage-id': /^[a-z][a-z0-9\-_.]*[a-z0-9]$/i,
  'pve-configid': /^[a-z][a-z0-9_-]+$/i,
  'pve-userid': /^[^\s:/]+@[a-z][\w.-]+$/i,
  'dns-name': /^([a-z0-9]([a-z0-9-]*[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i,
  'mac-addr': /^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/i,
  'disk-size': /^\d+(\.\d+)?[KMGT]?$/,
  'pve-volume-id': /^[^:\s]+:\S+$/,
  ipv4: /^\d{1,3}(\.\d{1,3}){3}$/,
  urlencoded: /^[-%a-zA-Z0-9_.!~*'()]*$/,
};

/** A property string, part by part: `virtio=BC:24:…,bridge=vmbr0`. */
function partComplaints(name: string, parts: Readonly<Record<string, Described>>, value: string): string[] {
  const usual = Object.keys(parts).find((key) => parts[key]?.default_key);
  const given = new Set<string>();
  const wrong = value.split(',').flatMap((piece) => {
    const at = piece.indexOf('=');
    const key = at < 0 ? (usual ?? '') : piece.slice(0, at);
    const part = parts[key];
    if (!part) return [`${name}.${key} is not known`];
    given.add(part.keyAlias ?? key);
    if (part.alias !== undefined) given.add(part.alias);
    return textComplaints(`${name}.${key}`, (part.alias && parts[part.alias]) || part, piece.slice(at + 1));
  });
  const missing = Object.entries(parts)
    .filter(([key, { optional, alias }]) => !optional && alias === undefined && !given.has(key))
    .map(([key]) => `${name}.${key} is missing`);
  return [...wrong, ...missing];
}

function valueComplaints(name: string, described: Described, value: unknown): string[] {
  const { type, items, properties = {} } = described;
  if (type === 'array') {
    if (!Array.isArray(value)) return [`${name} is no list`];
    return items ? value.flatMap((one) => valueComplaints(`${name}[]`, items, one)) : [];
  }
  if (type === 'object') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${name} is no object`];
    return objectComplaints(name, properties, described, value as Readonly<Record<string, unknown>>);
  }
  if (type === 'null') return value === null ? [] : [`${name} is not null`];
  if (type === undefined || type === 'any' || (value === null && described.optional)) return [];
  if (typeof value === 'object') return [`${name} is no ${type}`];
  const { format: _, pattern: __, ...plain } = described;
  const looks = textComplaints(name, plain, String(value));
  return type === 'boolean' && value === '' ? [] : looks;
}

function objectComplaints(
  name: string,
  properties: Readonly<Record<string, Described>>,
  { additionalProperties }: Described,
  value: Readonly<Record<string, unknown>>,
): string[] {
  const closed = additionalProperties === 0 || additionalProperties === false;
  const wrong = Object.entries(value).flatMap(([key, one]) => {
    const described = properties[key] ?? properties[key.replace(/\d+$/, '[n]')];
    if (described) return valueComplaints(`${name}.${key}`, described, one);
    return closed ? [`${name}.${key} is not known`] : [];
  });
  const missing = Object.entries(properties)
    .filter(([key, { optional }]) => !optional && value[key] === undefined)
    .map(([key]) => `${name}.${key} is missing`);
  return [...wrong, ...missing];
}

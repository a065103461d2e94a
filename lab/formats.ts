import { isIPv4, isIPv6 } from 'node:net';
import { format, missingPartner, type Param, text } from './params.ts';
import { readProperties } from './property.ts';
import { arePublicKeys } from './public-key.ts';
import type { Profile } from './settings.ts';

/** A property string's inner checks, in Proxmox's words. */
interface Inner {
  readonly defaultKey?: string;
  readonly keys: Readonly<Record<string, Check>>;
  readonly required?: readonly string[];
  /** Key → the other key it needs. */
  readonly requires?: Readonly<Record<string, string>>;
}
type Check = (value: string) => string | undefined;

const any: Check = () => undefined;
const among =
  (...values: string[]): Check =>
  (value) =>
    values.includes(value)
      ? undefined
      : `value '${value}' does not have a value in the enumeration '${values.join(', ')}'`;
const boolean: Check = (value) =>
  /^(0|1|on|off|yes|no|true|false)$/i.test(value) ? undefined : `type check ('boolean') failed - got '${value}'`;
const whole: Check = (value) => (/^\d+$/.test(value) ? undefined : `type check ('integer') failed - got '${value}'`);
const fits =
  (pattern: RegExp): Check =>
  (value) =>
    pattern.test(value) ? undefined : 'value does not match the regex pattern';

const nicModels = [
  'e1000',
  'e1000-82540em',
  'e1000-82544gc',
  'e1000-82545em',
  'e1000e',
  'i82551',
  'i82557b',
  'i82559er',
];
const moreNicModels = ['ne2k_isa', 'ne2k_pci', 'pcnet', 'rtl8139', 'virtio', 'vmxnet3'];
export const models = [...nicModels, ...moreNicModels];
const macAddress: Check = (value) =>
  /^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/i.test(value)
    ? undefined
    : 'invalid format - value does not look like a valid unicast MAC address\n';

/** `net0`: the model may stand alone (`virtio`) or carry the address (`virtio=BC:24:…`). */
export const net = checked((key) => ({
  defaultKey: 'model',
  keys: {
    model: among(...models),
    ...Object.fromEntries(models.map((model) => [model, macAddress])),
    macaddr: macAddress,
    bridge: any,
    firewall: boolean,
    link_down: boolean,
    mtu: whole,
    queues: whole,
    rate: any,
    tag: whole,
    trunks: any,
  },
  required: [`${key}.model`],
}));

const bootDevice = /^(ide[0-3]|sata[0-5]|scsi([0-9]|[12][0-9]|30)|virtio([0-9]|1[0-5])|net\d+|usb\d+|hostpci\d+)$/;
export const boot = checked(() => ({
  defaultKey: 'legacy',
  keys: {
    legacy: fits(/^[acdn]{1,4}$/),
    order: (value) => {
      const wrong = value.split(';').find((device) => device !== '' && !bootDevice.test(device));
      return wrong === undefined ? undefined : `invalid format - invalid boot device '${wrong}'\n`;
    },
  },
}));

/** An address with the length of its network, which Proxmox wants to be at least 8. */
function isNetwork(value: string, isAddress: (text: string) => boolean, most: number): boolean {
  const [address = '', length = '', ...more] = value.split('/');
  return (
    isAddress(address) && /^\d{1,3}$/.test(length) && Number(length) > 7 && Number(length) <= most && more.length === 0
  );
}

export const ipconfig = checked(() => ({
  keys: {
    ip: (value) =>
      value === 'dhcp' || isNetwork(value, isIPv4, 32)
        ? undefined
        : 'invalid format - value does not look like a valid ipv4 network configuration\n',
    gw: (value) => (isIPv4(value) ? undefined : 'invalid format - value does not look like a valid ipv4 address\n'),
    ip6: (value) =>
      value === 'auto' || value === 'dhcp' || isNetwork(value, isIPv6, 128)
        ? undefined
        : 'invalid format - value does not look like a valid ipv6 network configuration\n',
    gw6: (value) => (isIPv6(value) ? undefined : 'invalid format - value does not look like a valid ipv6 address\n'),
  },
  requires: { gw: 'ip', gw6: 'ip6' },
}));

export const agent = checked(() => ({
  defaultKey: 'enabled',
  keys: {
    enabled: boolean,
    'freeze-fs': boolean,
    'freeze-fs-on-backup': boolean,
    fstrim_cloned_disks: boolean,
    type: among('virtio', 'isa'),
  },
  required: ['enabled'],
}));

const volume: Check = (value) =>
  value === 'none' || value === 'cdrom' || value.startsWith('/') || /^[^:\s]+:\S+$/.test(value)
    ? undefined
    : `invalid format - unable to parse volume ID '${value}'\n`;
const flags = ['backup', 'iothread', 'replicate', 'ro', 'scsiblock', 'shared', 'snapshot', 'ssd', 'pre-enrolled-keys'];
const numbers = [
  'bps',
  'bps_rd',
  'bps_wr',
  'iops',
  'iops_max',
  'iops_rd',
  'iops_wr',
  'mbps',
  'mbps_max',
  'mbps_rd',
  'mbps_wr',
  'queues',
];
const loose = [
  'import-from',
  'model',
  'serial',
  'wwn',
  'werror',
  'rerror',
  'aio',
  'version',
  'efitype',
  'product',
  'vendor',
];
export const drive = checked(() => ({
  defaultKey: 'file',
  keys: {
    file: volume,
    volume,
    media: among('cdrom', 'disk'),
    cache: among('none', 'writethrough', 'writeback', 'unsafe', 'directsync'),
    discard: among('ignore', 'on'),
    detect_zeroes: boolean,
    format: among('raw', 'qcow', 'qed', 'qcow2', 'vmdk', 'cloop'),
    size: fits(/^\d+(\.\d+)?[KMGT]?$/),
    ...Object.fromEntries(flags.map((name) => [name, boolean])),
    ...Object.fromEntries([...numbers, ...loose].map((name) => [name, any])),
  },
  required: ['file'],
}));

/** Inside the parameter `sshkeys` must be percent-encoded once more. */
export const sshkeys = text((value) => {
  if (!/^[-%a-zA-Z0-9_.!~*'()]*$/.test(value)) return `invalid format - invalid urlencoded string: ${value}\n`;
  return arePublicKeys(decoded(value)) ? undefined : 'SSH public key validation error';
});

/** As Perl does it: what is no valid escape stays as it is. */
const decoded = (value: string): string =>
  value.replace(/(%[0-9a-f]{2})+/gi, (part) => Buffer.from(part.replaceAll('%', ''), 'hex').toString('utf8'));

export const tags = format((value) =>
  value.split(/[\s,;]+/).every((tag) => /^([a-z0-9_][a-z0-9_\-+.]*)?$/i.test(tag))
    ? undefined
    : 'invalid characters in tag',
);

/** A parameter whose property string is looked at piece by piece; complaints name `net0.model` and the like. */
function checked(inner: (key: string) => Inner): (key: string) => Param {
  return (key) => text((value, profile) => complaintAbout(key, inner(key), value, profile));
}

function complaintAbout(key: string, inner: Inner, value: string, profile: Profile): string | undefined {
  const found = readProperties(value, inner.defaultKey);
  const complaints: string[] = [];
  for (const [name, part] of Object.entries(found)) {
    const check = inner.keys[name];
    const wrong = check
      ? check(part)
      : 'property is not defined in schema and the schema does not allow additional properties';
    if (wrong !== undefined) complaints.push(`${key}.${name}: ${wrong}`);
    const other = inner.requires?.[name];
    if (other !== undefined && found[other] === undefined) {
      complaints.push(`${key}.${other}: ${missingPartner(`${key}.${name}`, profile)}`);
    }
  }
  for (const name of inner.required ?? []) {
    const bare = name.replace(`${key}.`, '');
    const present =
      found[bare] !== undefined || (bare === 'model' && models.some((model) => found[model] !== undefined));
    if (!present) complaints.push(`${key}.${bare}: property is missing and it is not optional`);
  }
  return complaints.length === 0 ? undefined : `invalid format - format error\n${complaints.join('\n')}\n`;
}

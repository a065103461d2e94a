import { createHash } from 'node:crypto';
import type { CloudInitFiles } from './engine.ts';
import { models } from './formats.ts';
import { readProperties } from './property.ts';

type Config = Readonly<Record<string, string>>;

/** What Proxmox writes on a VM's cloud-init drive (type `nocloud`, its default for Linux). */
export function cloudInitFiles(vmid: number, config: Config): CloudInitFiles {
  const userData = userDataOf(vmid, config);
  const networkConfig = networkConfigOf(config);
  return { userData, networkConfig, metaData: metaDataOf(userData, networkConfig) };
}

/** The `user` file, as `cloudinit/dump?type=user` answers it too. */
function userDataOf(vmid: number, config: Config): string {
  const hostname = config.name ?? `VM${vmid}`;
  const short = hostname.split('.')[0] ?? hostname;
  const domain = config.searchdomain?.split(' ')[0];
  const fqdn = hostname.includes('.') || domain === undefined ? hostname : `${hostname}.${domain}`;
  const keys = decodeURIComponent(config.sshkeys ?? '')
    .split('\n')
    .filter((key) => key.trim() !== '');
  const lines = ['#cloud-config', `hostname: ${short}`, 'manage_etc_hosts: true', `fqdn: ${fqdn}`];
  if (config.ciuser !== undefined) lines.push(`user: ${config.ciuser}`);
  if (config.cipassword !== undefined) lines.push(`password: ${config.cipassword}`);
  if (keys.length > 0) lines.push('ssh_authorized_keys:', ...keys.map((key) => `  - ${key.trim()}`));
  lines.push('chpasswd:', '  expire: False');
  if (config.ciuser !== 'root') lines.push('users:', '  - default');
  if (config.ciupgrade !== '0') lines.push('package_upgrade: true');
  return `${lines.join('\n')}\n`;
}

/** The `network` file: version 1, one entry per network card, matched by its address. */
function networkConfigOf(config: Config): string {
  const lines = ['version: 1', 'config:'];
  const cards = Object.keys(config).filter((key) => /^net\d+$/.test(key));
  for (const card of cards.sort()) {
    const number = card.slice(3);
    const line = readProperties(config[card] ?? '', 'model');
    const mac = models.map((model) => line[model]).find((value) => value !== undefined) ?? line.macaddr ?? '';
    lines.push('    - type: physical', `      name: eth${number}`, `      mac_address: '${mac.toLowerCase()}'`);
    const ip = readProperties(config[`ipconfig${number}`] ?? '');
    if (ip.ip !== undefined || ip.ip6 !== undefined) lines.push('      subnets:', ...subnet4(ip), ...subnet6(ip));
  }
  const servers = (config.nameserver ?? '').split(/[\s,;]+/).filter((name) => name !== '');
  const domains = (config.searchdomain ?? '').split(/[\s,;]+/).filter((name) => name !== '');
  if (servers.length > 0 || domains.length > 0) {
    lines.push('    - type: nameserver');
    if (servers.length > 0) lines.push('      address:', ...servers.map((server) => `      - '${server}'`));
    if (domains.length > 0) lines.push('      search:', ...domains.map((domain) => `      - '${domain}'`));
  }
  return `${lines.join('\n')}\n`;
}

/** The `meta` file. The instance id is a hash of the other two, so that a change of either counts as a new first boot. */
function metaDataOf(userData: string, networkConfig: string): string {
  const id = createHash('sha1').update(userData).update(networkConfig).digest('hex');
  return `instance-id: ${id}\n`;
}

function subnet4(ip: Record<string, string>): string[] {
  if (ip.ip === undefined) return [];
  if (ip.ip === 'dhcp') return ['      - type: dhcp4'];
  const [address = '', prefix = '24'] = ip.ip.split('/');
  const lines = [
    '      - type: static',
    `        address: '${address}'`,
    `        netmask: '${netmask(Number(prefix))}'`,
  ];
  return ip.gw === undefined ? lines : [...lines, `        gateway: '${ip.gw}'`];
}

function subnet6(ip: Record<string, string>): string[] {
  if (ip.ip6 === undefined) return [];
  if (ip.ip6 === 'dhcp') return ['      - type: dhcp6'];
  if (ip.ip6 === 'auto') return ['      - type: ipv6_slaac'];
  const lines = ['      - type: static6', `        address: '${ip.ip6}'`];
  return ip.gw6 === undefined ? lines : [...lines, `        gateway: '${ip.gw6}'`];
}

function netmask(prefix: number): string {
  const bits = prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join('.');
}

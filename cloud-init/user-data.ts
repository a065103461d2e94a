import { Scalar, stringify } from 'yaml';

/** What cloud-init does at a machine's first boot, in the order in which it does it. */
export interface UserData {
  readonly hostname?: string;
  /** Run at every boot, before anything else. */
  readonly bootCommands?: readonly Command[];
  readonly files?: readonly GuestFile[];
  /** Which host keys are made; all that the system knows when absent. */
  readonly hostKeyTypes?: readonly ('ed25519' | 'ecdsa' | 'rsa')[];
  /** None at all when empty; the image's own when absent. */
  readonly users?: readonly GuestUser[];
  readonly updatePackages?: boolean;
  readonly upgradePackages?: boolean;
  readonly packages?: readonly string[];
  /** Run once, when everything else is done. */
  readonly commands?: readonly Command[];
  /** After everything. */
  readonly ending?: 'poweroff' | 'reboot';
}

/** A shell line, or a program with its arguments, which no shell sees. */
export type Command = string | readonly string[];

export interface GuestUser {
  readonly name: string;
  readonly sshKeys: readonly string[];
  /** May become root without a password. */
  readonly sudo?: boolean;
  readonly groups?: readonly string[];
  readonly shell?: string;
}

export interface GuestFile {
  readonly path: string;
  readonly content: string;
  /** In octal; `0644` when absent. */
  readonly permissions?: string;
  /** `root:root` when absent. */
  readonly owner?: string;
  /** Written last, when the users and packages are there. */
  readonly late?: boolean;
}

/** The text of a `#cloud-config` file. */
export function userData(wanted: UserData): string {
  const config = {
    hostname: wanted.hostname,
    // A name that resolves: sudo waits for it.
    manage_etc_hosts: wanted.hostname === undefined ? undefined : true,
    bootcmd: wanted.bootCommands,
    write_files: wanted.files?.map(fileEntry),
    ssh_genkeytypes: wanted.hostKeyTypes,
    users: wanted.users?.map(userEntry),
    package_update: wanted.updatePackages,
    package_upgrade: wanted.upgradePackages,
    packages: wanted.packages,
    runcmd: wanted.commands,
    power_state: wanted.ending && { mode: wanted.ending, delay: 'now', timeout: 120 },
  };
  return `#cloud-config\n${stringify(config, style)}`;
}

/** cloud-init reads YAML 1.1, where `no`, `=`, `<<` and `12:30` are not text unless quoted; and lines must stay whole. */
const style = {
  defaultStringType: 'QUOTE_DOUBLE',
  defaultKeyType: 'PLAIN',
  lineWidth: 0,
  aliasDuplicateObjects: false,
} as const;

function userEntry({ name, sshKeys, sudo, groups, shell }: GuestUser) {
  return {
    name,
    ssh_authorized_keys: sshKeys,
    lock_passwd: true,
    sudo: sudo ? 'ALL=(ALL) NOPASSWD:ALL' : undefined,
    groups,
    shell: shell ?? '/bin/bash',
  };
}

function fileEntry({ path, content, permissions, owner, late }: GuestFile) {
  return { path, content: readable(content), permissions: permissions ?? '0644', owner, defer: late };
}

/** Lines below each other, where YAML can write them so. */
function readable(text: string): Scalar {
  const scalar = new Scalar(text);
  if (/\n./.test(text)) scalar.type = 'BLOCK_LITERAL';
  return scalar;
}

import { randomUUID } from 'node:crypto';
import { builtInRoles } from './privileges.ts';
import type { Profile } from './settings.ts';
import type { LabOptions } from './start.ts';
import type { NodeSpec, State, StorageSpec, User } from './state.ts';

const everything = ['images', 'iso', 'import', 'vztmpl', 'snippets', 'backup', 'rootdir'];
const gib = 1024 ** 3;

const usualStorages: LabOptions['storages'] = [
  { storage: 'local', path: '/var/lib/vz' },
  { storage: 'fast', path: '/srv/fast', content: ['images'] },
  { storage: 'nas', path: '/mnt/pve/nas', shared: true },
];

/** The cluster as it is at the very first start: nodes, storages, root, and the bot's token. */
export function firstState(options: Pick<LabOptions, 'nodes' | 'storages'>, profile: Profile): State {
  return {
    nodes: (options.nodes ?? ['pve1', 'pve2']).map((node) => nodeOf(typeof node === 'string' ? { name: node } : node)),
    storages: (options.storages ?? usualStorages ?? []).map(storageOf),
    guests: [],
    containers: [],
    volumes: [],
    pools: [],
    users: [
      newUser('root@pam', { password: randomUUID() }),
      newUser('botswain@pve', {
        comment: 'the bot',
        tokens: [{ tokenid: 'lab', secret: randomUUID(), privsep: false, expire: 0, comment: undefined }],
      }),
    ],
    groups: [],
    roles: builtInRoles(profile),
    acl: [{ path: '/', ugid: 'botswain@pve', roleid: 'Administrator', propagate: true }],
    running: [],
    quorate: undefined,
  };
}

export function newUser(userid: string, more: Partial<User> = {}): User {
  const empty = { password: undefined, comment: undefined, email: undefined, expire: 0, groups: [], tokens: [] };
  return { userid, enable: true, ...empty, ...more };
}

/** The token that the lab hands to whoever started it. */
export function labToken(state: State): { readonly id: string; readonly secret: string } {
  const token = state.users
    .find(({ userid }) => userid === 'botswain@pve')
    ?.tokens.find(({ tokenid }) => tokenid === 'lab');
  if (!token) throw new Error('The lab has lost the token botswain@pve!lab; start it with an empty state folder.');
  return { id: 'botswain@pve!lab', secret: token.secret };
}

function nodeOf(node: Partial<NodeSpec>): NodeSpec {
  return { name: 'pve1', cpus: 16, memory: 64 * gib, bridges: ['vmbr0'], online: true, ...node };
}

function storageOf(storage: Pick<StorageSpec, 'storage'> & Partial<StorageSpec>): StorageSpec {
  const path = `/srv/${storage.storage}`;
  return { path, shared: false, content: everything, total: 500 * gib, disabled: false, ...storage };
}

import type { Permissions, Version } from './nodes.ts';
import type { ClusterSettings } from './settings.ts';

/** Privileges that are needed at one place. Any of `paths` will do. */
export interface Need {
  readonly paths: readonly string[];
  readonly privileges: readonly string[];
}

/** What the token must be allowed, by Proxmox version: 9 took VM.Monitor away and refuses roles that name it, 8 does not know its successors. */
export function requiredPrivileges(settings: ClusterSettings, version: Version): Need[] {
  const { bridge, vlan, pool, storages, nodes } = settings;
  const guests = pool === undefined ? '/vms' : `/pool/${pool}`;
  const net = `/sdn/zones/localnetwork/${bridge}`;
  return merged([
    { paths: [guests], privileges: [...vmPrivileges, version.major >= 9 ? 'VM.GuestAgent.Audit' : 'VM.Monitor'] },
    { paths: [`/storage/${storages.disks}`], privileges: ['Datastore.AllocateSpace'] },
    // Removing a file again needs more than putting it there.
    ...[storages.images, storages.seeds].map((storage) => ({
      paths: [`/storage/${storage}`],
      privileges: ['Datastore.AllocateTemplate', 'Datastore.Allocate', 'Datastore.Audit'],
    })),
    ...(version.major >= 8
      ? [{ paths: vlan === undefined ? [net] : [net, `${net}/${vlan}`], privileges: ['SDN.Use'] }]
      : []),
    ...(nodes?.map((node) => `/nodes/${node}`) ?? ['/nodes']).map((path) => ({
      paths: [path],
      privileges: ['Sys.Audit', ...(knowsNetworkPrivilege(version) ? ['Sys.AccessNetwork'] : [])],
    })),
    // Downloads by a node: before 8.2 only who may change the whole system could start them.
    ...(knowsNetworkPrivilege(version) ? [] : [{ paths: ['/'], privileges: ['Sys.Audit', 'Sys.Modify'] }]),
  ]);
}

/** One need per place: a storage may be for images and seeds at once. */
function merged(needs: readonly Need[]): Need[] {
  const places = Map.groupBy(needs, ({ paths }) => paths.join(' '));
  return [...places.values()].map((same) => ({
    paths: same[0]?.paths ?? [],
    privileges: [...new Set(same.flatMap(({ privileges }) => privileges))],
  }));
}

/** Privileges of these that the token has not, each place with those that it lacks there; empty when all is there. */
export function missingPrivileges(permissions: Permissions, needs: readonly Need[]): Need[] {
  return needs.flatMap(({ paths, privileges }) => {
    const lacking = privileges.filter((privilege) => !paths.some((path) => allowed(permissions, path, privilege)));
    return lacking.length === 0 ? [] : [{ paths, privileges: lacking }];
  });
}

/** Whether one of these is missing at a path; any at all when none is named. */
export function lacksAny(missing: readonly Need[], path: string, ...privileges: readonly string[]): boolean {
  const meant = (one: string) => privileges.length === 0 || privileges.includes(one);
  return missing.some((need) => need.paths.includes(path) && need.privileges.some(meant));
}

const vmPrivileges = [
  'VM.Allocate',
  'VM.Audit',
  'VM.Clone',
  'VM.Config.CDROM',
  'VM.Config.CPU',
  'VM.Config.Cloudinit',
  'VM.Config.Disk',
  'VM.Config.HWType',
  'VM.Config.Memory',
  'VM.Config.Network',
  'VM.Config.Options',
  'VM.PowerMgmt',
];

const knowsNetworkPrivilege = ({ major, minor }: Version) => major > 8 || (major === 8 && minor >= 2);

/** The nearest path with rules of its own decides; what it does not pass on ends there. A bridge may be a network of another SDN zone. */
function allowed(permissions: Permissions, path: string, privilege: string): boolean {
  const zone = /^\/sdn\/zones\/localnetwork(\/.*)$/.exec(path)?.[1];
  const elsewhere = Object.keys(permissions).some(
    (one) =>
      zone !== undefined &&
      /^\/sdn\/zones\/[^/]+/.exec(one)?.[0] + zone === one &&
      permissions[one]?.[privilege] !== undefined,
  );
  if (elsewhere || permissions[path]) return elsewhere || permissions[path]?.[privilege] !== undefined;
  for (let above = parent(path); above !== undefined; above = parent(above)) {
    const rules = permissions[above];
    if (rules) return rules[privilege] === true;
  }
  return false;
}

function parent(path: string): string | undefined {
  if (path === '/') return undefined;
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

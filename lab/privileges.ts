import type { Profile } from './settings.ts';

const everywhere = [
  'Datastore.Allocate',
  'Datastore.AllocateSpace',
  'Datastore.AllocateTemplate',
  'Datastore.Audit',
  'Group.Allocate',
  'Mapping.Audit',
  'Mapping.Modify',
  'Mapping.Use',
  'Permissions.Modify',
  'Pool.Allocate',
  'Pool.Audit',
  'Realm.Allocate',
  'Realm.AllocateUser',
  'SDN.Allocate',
  'SDN.Audit',
  'SDN.Use',
  'Sys.AccessNetwork',
  'Sys.Audit',
  'Sys.Console',
  'Sys.Incoming',
  'Sys.Modify',
  'Sys.PowerMgmt',
  'Sys.Syslog',
  'User.Modify',
  'VM.Allocate',
  'VM.Audit',
  'VM.Backup',
  'VM.Clone',
  'VM.Config.CDROM',
  'VM.Config.CPU',
  'VM.Config.Cloudinit',
  'VM.Config.Disk',
  'VM.Config.HWType',
  'VM.Config.Memory',
  'VM.Config.Network',
  'VM.Config.Options',
  'VM.Console',
  'VM.Migrate',
  'VM.PowerMgmt',
  'VM.Snapshot',
  'VM.Snapshot.Rollback',
];

const guestAgent = ['Audit', 'FileRead', 'FileWrite', 'FileSystemMgmt', 'Unrestricted'].map(
  (part) => `VM.GuestAgent.${part}`,
);

/** Every privilege that this version knows: 9.x took `VM.Monitor` away and brought `VM.GuestAgent.*`. */
export function privilegesOf(profile: Profile): readonly string[] {
  return profile === '8.4' ? [...everywhere, 'VM.Monitor'] : [...everywhere, ...guestAgent, 'VM.Replicate'];
}

/** The roles that Proxmox brings along. */
export function builtInRoles(profile: Profile): Record<string, readonly string[]> {
  const all = privilegesOf(profile);
  const starting = (...prefixes: string[]) => all.filter((name) => prefixes.some((prefix) => name.startsWith(prefix)));
  const vmUser = ['VM.Audit', 'VM.Backup', 'VM.Config.CDROM', 'VM.Config.Cloudinit', 'VM.Console', 'VM.PowerMgmt'];
  return {
    Administrator: all,
    NoAccess: [],
    PVEAdmin: all.filter(
      (name) => !['Permissions.Modify', 'Sys.Modify', 'Sys.PowerMgmt', 'Realm.Allocate'].includes(name),
    ),
    PVEAuditor: all.filter((name) => name.endsWith('.Audit') && !name.startsWith('VM.GuestAgent')),
    PVEDatastoreAdmin: starting('Datastore.'),
    PVEDatastoreUser: ['Datastore.AllocateSpace', 'Datastore.Audit'],
    PVEMappingAdmin: starting('Mapping.'),
    PVEMappingUser: ['Mapping.Audit', 'Mapping.Use'],
    PVEPoolAdmin: starting('Pool.'),
    PVEPoolUser: ['Pool.Audit'],
    PVESDNAdmin: starting('SDN.'),
    PVESDNUser: ['SDN.Audit', 'SDN.Use'],
    PVESysAdmin: ['Sys.Audit', 'Sys.Console', 'Sys.Syslog'],
    PVETemplateUser: ['VM.Audit', 'VM.Clone'],
    PVEUserAdmin: ['Group.Allocate', 'Realm.AllocateUser', 'User.Modify'],
    PVEVMAdmin: starting('VM.'),
    PVEVMUser: profile === '8.4' ? vmUser : [...vmUser, 'VM.GuestAgent.Audit'],
  };
}

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { systemClock } from '#base/clock.ts';
import { type ApiForTests, apiForTests } from '#lab/api-for-tests.ts';
import { type Lab, startLab } from '#lab/start.ts';
import { connectApi } from '#proxmox/api.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import { ProxmoxError } from '#proxmox/errors.ts';
import { requiredPrivileges } from '#proxmox/roles.ts';
import { ClusterSettings } from '#proxmox/settings.ts';
import { Done } from '#proxmox/shapes.ts';
import type { Settings } from '../settings.ts';
import { examine } from './examine.ts';
import type { Advice, Finding } from './finding.ts';
import { typePveum } from './pveum-for-tests.ts';

type Profile = '8.4' | '9.2';

/** A way to have given the token too little. */
interface Broken {
  readonly about: string;
  /** Whether the token has privileges of its own. */
  readonly separated?: boolean;
  readonly settings?: object;
  /** What root typed, line by line. */
  readonly typed: (documented: Documented) => readonly string[];
}

/** The documented privileges by path, and the paths. */
type Documented = Readonly<Record<string, readonly string[]>>;

const user = 'bot@pve';
const token = `'${user}!t'`;
const list = (privileges: readonly string[] = []) => `"${privileges.join(' ')}"`;
const without = (privileges: readonly string[] = [], ...gone: readonly string[]) =>
  privileges.filter((one) => !gone.includes(one));
const paths = ['/vms', '/storage/nas', '/storage/local', '/sdn/zones/localnetwork/vmbr0', '/nodes'];
const roleOf = (path: string) => `R${path.replaceAll('/', '-')}`;

/** As docs/proxmox.md has it, each path with a role of its own, but for what is taken away. */
const asDocumented = (all: Documented, ...gone: readonly string[]) =>
  Object.entries(all).flatMap(([path, privileges]) => [
    `pveum role add ${roleOf(path)} -privs ${list(without(privileges, ...gone))}`,
    `pveum acl modify ${path} -user ${user} -role ${roleOf(path)}`,
  ]);
const everything = (all: Documented, ...gone: readonly string[]) =>
  list(without([...new Set(Object.values(all).flat())], ...gone));

const broken: readonly Broken[] = [
  { about: 'a documented role lacks a privilege', typed: (all) => asDocumented(all, 'VM.Clone', 'Datastore.Allocate') },
  { about: 'nothing was given at all', typed: () => [] },
  {
    about: 'one role above lacks what one place needs',
    typed: (all) => [
      `pveum role add Bot -privs ${everything(all, 'SDN.Use')}`,
      `pveum acl modify / -user ${user} -role Bot`,
    ],
  },
  {
    about: 'the role above came with Proxmox',
    typed: () => [`pveum acl modify / -user ${user} -role PVEVMAdmin`],
  },
  {
    about: 'roles that came with Proxmox stand at the places themselves',
    typed: () => [
      `pveum acl modify /vms -user ${user} -role PVEVMUser`,
      `pveum acl modify /storage -user ${user} -role PVEDatastoreUser`,
      `pveum acl modify /nodes -user ${user} -role PVEAuditor`,
    ],
  },
  {
    about: 'two roles stand at one place',
    typed: (all) => [
      ...asDocumented(all, 'VM.Clone'),
      `pveum role add More -privs "VM.Console VM.Backup"`,
      `pveum acl modify /vms -user ${user} -role More`,
    ],
  },
  {
    about: 'another role gives just the same',
    typed: (all) => [
      ...asDocumented(all, 'VM.Clone'),
      `pveum role add Same -privs ${list(without(all['/vms'], 'VM.Clone'))}`,
    ],
  },
  {
    about: 'a role is not passed on, and hides what is passed on from above',
    typed: () => [
      `pveum role add Above -privs "VM.Audit VM.Console Sys.Audit Sys.Syslog"`,
      `pveum role add Here -privs "Sys.Audit"`,
      `pveum acl modify / -user ${user} -role Above`,
      `pveum acl modify /nodes -user ${user} -role Here -propagate 0`,
    ],
  },
  {
    about: 'its group has the rights',
    typed: (all) => [
      `pveum role add Bots -privs ${everything(all, 'VM.Clone')}`,
      `pveum acl modify / -group bots -role Bots`,
      `pveum acl modify /vms -group bots -role PVEVMUser`,
    ],
  },
  {
    about: 'it is kept to a pool',
    settings: { pool: 'bots' },
    typed: (all) => ['pveum pool add bots', ...asDocumented(all, 'VM.PowerMgmt')],
  },
  {
    about: 'a separated token lacks what its user, who may do everything, has',
    separated: true,
    typed: (all) => [
      `pveum acl modify / -user ${user} -role Administrator`,
      `pveum role add Bot -privs ${list(without(all['/vms'], 'VM.Clone'))}`,
      `pveum acl modify /vms -token ${token} -role Bot`,
      `pveum acl modify /storage -token ${token} -role PVEDatastoreUser`,
    ],
  },
  {
    about: 'a separated token and its user have one role, which lacks something',
    separated: true,
    typed: (all) => [
      ...asDocumented(all, 'VM.Clone'),
      ...Object.keys(all).map((path) => `pveum acl modify ${path} -token ${token} -role ${roleOf(path)}`),
    ],
  },
  {
    about: 'a separated token that may look lacks something, and so does its user',
    separated: true,
    typed: (all) => [
      ...asDocumented(all, 'VM.Clone', 'SDN.Use'),
      `pveum acl modify / -user ${user} -role PVEAuditor`,
      `pveum acl modify / -token ${token} -role Administrator`,
      `pveum acl modify /sdn -token ${token} -role PVEAuditor`,
    ],
  },
];

for (const profile of ['8.4', '9.2'] as const) {
  describe(`on ${profile} nobody loses a right by the doctor’s remedies, and afterwards nothing lacks, when`, () => {
    for (const one of broken) test(one.about, () => cure(one, profile));
  });
}

test('what a card says of a missing privilege takes no right away either', async () => {
  const typed = (all: Documented) => asDocumented(all, 'VM.Clone');
  await using setting = await startSetting({ about: 'as documented', typed }, '9.2');
  const { root, api, lackings } = setting;
  const before = await rightsOf(root);

  const error = await api.post('/nodes/pve1/qemu/9000/clone', Done, { newid: 100 }).catch((thrown: Error) => thrown);
  assert.ok(error instanceof ProxmoxError);
  const [, command = ''] = /(pveum role modify [^.]* -privs "[^"]*")/.exec(error.hint ?? '') ?? [];
  await typePveum(root, command.replace('ROLE', roleOf('/vms')));

  assert.deepEqual(await lackings(), []);
  assert.deepEqual(lost(before, await rightsOf(root)), []);
});

async function cure(one: Broken, profile: Profile): Promise<void> {
  await using setting = await startSetting(one, profile);
  const { root, lackings } = setting;
  const before = await rightsOf(root);

  let found = await lackings();
  assert.notDeepEqual(found, []);
  for (let round = 0; found.length > 0 && round < 3; round++) {
    for (const { advice } of found) await typePveum(root, fitting(advice, one.separated ?? false));
    found = await lackings();
  }

  assert.deepEqual(found, []);
  assert.deepEqual(lost(before, await rightsOf(root)), []);
}

/** Of two ways the one for this kind of token. */
function fitting(advice: readonly Advice[], separated: boolean): string {
  const [only, other] = advice;
  assert.ok(only);
  if (!other) return only.next;
  const own = advice.find(({ when }) => when?.includes('privileges of its own'));
  const shared = advice.find(({ when }) => when?.includes('its user’s privileges'));
  assert.ok(own && shared && advice.length === 2);
  return (separated ? own : shared).next;
}

async function startSetting(one: Broken, profile: Profile) {
  await using made = new AsyncDisposableStack();
  const lab = made.use(await startLab({ profile }));
  const root = apiForTests(lab);
  await root.call('POST', '/access/groups', { groupid: 'bots' });
  await root.call('POST', '/access/users', { userid: user, groups: 'bots' });
  const answer = await root.call('POST', `/access/users/${user}/token/t`, { privsep: one.separated ? 1 : 0 });
  const { value: secret } = (answer.body as { data: { value: string } }).data;
  const cluster = made.adopt(connect(lab, secret, one.settings), ({ api }) => api[Symbol.asyncDispose]());
  for (const line of one.typed(documentedFor(cluster.settings, profile))) await typePveum(root, line);
  const running = made.move();
  const lackings = async (): Promise<Finding[]> => {
    const found = await examine(cluster, { templates: {} } as unknown as Settings, systemClock);
    return found.filter(({ topic, state }) => topic === 'Privileges' && state === 'bad');
  };
  return { root, api: cluster.api, lackings, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

function connect(lab: Lab, secret: string, more: object = {}): Cluster {
  const settings = ClusterSettings.parse({
    ...{ name: 'lab', hosts: [lab.url], tls: { fingerprints: [lab.fingerprint] } },
    token: { id: `${user}!t`, secret },
    storages: { disks: 'nas', images: 'local', seeds: 'local' },
    ...more,
  });
  return {
    name: 'lab',
    api: connectApi(settings),
    settings,
    claims: undefined as never,
    addresses: undefined as never,
  };
}

function documentedFor(settings: ClusterSettings, profile: Profile): Documented {
  const [major = 0, minor = 0] = profile.split('.').map(Number);
  const needs = requiredPrivileges(settings, { version: profile, release: profile, major, minor });
  return Object.fromEntries(needs.map(({ paths: [path = '/'], privileges }) => [path, privileges]));
}

type Held = Readonly<Record<string, Readonly<Record<string, 0 | 1>>>>;

const looked = ['/', ...paths, '/vms/100', '/pool/bots', '/storage', '/storage/fast', '/nodes/pve1', '/sdn', '/access'];

/** What the user and the token may do at many places, those included where nothing was given. */
async function rightsOf(root: ApiForTests): Promise<Record<string, Held>> {
  const held: Record<string, Record<string, Record<string, 0 | 1>>> = {};
  for (const userid of [user, `${user}!t`]) {
    for (const path of looked) {
      const query = new URLSearchParams({ path, userid });
      held[userid] = { ...held[userid], ...(await root.get<Held>(`/access/permissions?${query}`)) };
    }
  }
  return held;
}

function lost(before: Readonly<Record<string, Held>>, after: Readonly<Record<string, Held>>): string[] {
  return Object.entries(before).flatMap(([who, held]) =>
    Object.entries(held).flatMap(([path, privileges]) =>
      Object.entries(privileges)
        .filter(([name, below]) => (after[who]?.[path]?.[name] ?? -1) < below)
        .map(([name]) => `${who}: ${name} on ${path}`),
    ),
  );
}

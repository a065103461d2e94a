import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ProxmoxError } from '#proxmox/errors.ts';
import { Done } from '#proxmox/shapes.ts';
import type { Advice } from './finding.ts';
import { typePveum } from './pveum-for-tests.ts';
import { type Documented, type Given, lost, type Profile, rightsOf, startSetting, user } from './setting-for-tests.ts';

/** A way to have given the token too little. */
interface Broken extends Given {
  readonly about: string;
}

const token = `'${user}!t'`;
const list = (privileges: readonly string[] = []) => `"${privileges.join(' ')}"`;
const without = (privileges: readonly string[] = [], ...gone: readonly string[]) =>
  privileges.filter((one) => !gone.includes(one));
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
    about: 'it is kept to a pool, and the template is not in it',
    settings: { pool: 'bots' },
    templates: [9000],
    typed: (all) => ['pveum pool add bots', ...asDocumented(all)],
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
    about: 'a separated token that may look and its user have a role each, and both lack it',
    separated: true,
    typed: (all) => [
      ...asDocumented(all, 'VM.Clone'),
      `pveum acl modify / -user ${user} -role PVEAuditor`,
      `pveum acl modify / -token ${token} -role Administrator`,
      `pveum role add Less -privs ${list(without(all['/vms'], 'VM.Clone', 'VM.Config.CPU'))}`,
      `pveum acl modify /vms -token ${token} -role Less`,
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
  await using setting = await startSetting({ typed }, '9.2');
  const { root, api, lackings } = setting;
  const before = await rightsOf(root);

  const error = await api.post('/nodes/pve1/qemu/9000/clone', Done, { newid: 100 }).catch((thrown: Error) => thrown);
  assert.ok(error instanceof ProxmoxError);
  const [, command = ''] = /(pveum role modify [^.]* -privs "[^"]*")/.exec(error.hint ?? '') ?? [];
  await typePveum(root, command.replace('ROLE', roleOf('/vms')));

  assert.deepEqual(await lackings(), []);
  assert.deepEqual(lost(before, await rightsOf(root)), []);
});

test('a role that is extended is everybody’s who has it, and that is said beside the line', async () => {
  await using extended = await startSetting({ typed: (all) => asDocumented(all, 'VM.Clone') }, '9.2');
  await using fresh = await startSetting({ typed: () => [] }, '9.2');

  const [found] = await extended.lackings();
  const others = await fresh.lackings();

  assert.match(found?.advice[0]?.next ?? '', /^pveum role modify /);
  assert.match(found?.advice[0]?.also ?? '', /^Everybody who has the role \S+ gets it too, wherever they have it/);
  assert.deepEqual(
    others.flatMap(({ advice }) => advice.flatMap(({ also }) => also ?? [])),
    [],
  );
});

test('what takes everything away is to be taken away first, and nothing is given over it', async () => {
  const typed = (all: Documented) => [
    `pveum role add Bot -privs ${everything(all)}`,
    `pveum acl modify / -user ${user} -role Bot`,
    `pveum acl modify /vms -user ${user} -role NoAccess`,
  ];
  await using setting = await startSetting({ typed }, '9.2');

  const [found, ...others] = await setting.lackings();

  assert.deepEqual(others, []);
  assert.match(found?.advice[0]?.next ?? '', /taken away there, as NoAccess does it: pveum acl list shows/);
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

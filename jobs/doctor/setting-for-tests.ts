import { systemClock } from '#base/clock.ts';
import { type ApiForTests, apiForTests } from '#lab/api-for-tests.ts';
import { type Lab, startLab } from '#lab/start.ts';
import { connectApi } from '#proxmox/api.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import { requiredPrivileges } from '#proxmox/roles.ts';
import { ClusterSettings } from '#proxmox/settings.ts';
import type { Settings } from '../settings.ts';
import { examine } from './examine.ts';
import type { Finding } from './finding.ts';
import { typePveum } from './pveum-for-tests.ts';

export type Profile = '8.4' | '9.2';

/** A lab in which somebody gave the bot's token too little. */
export interface Given {
  /** Whether the token has privileges of its own. */
  readonly separated?: boolean;
  readonly settings?: object;
  /** Templates that the catalog names by their numbers. */
  readonly templates?: readonly number[];
  /** What root typed, line by line. */
  readonly typed: (documented: Documented) => readonly string[];
}

/** The documented privileges by path, and the paths. */
export type Documented = Readonly<Record<string, readonly string[]>>;

export const user = 'bot@pve';

const paths = ['/vms', '/storage/nas', '/storage/local', '/sdn/zones/localnetwork/vmbr0', '/nodes'];
export async function startSetting(one: Given, profile: Profile) {
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
  const catalog = (one.templates ?? []).map((vmid) => [`t${vmid}`, { vmid, user: 'debian' }] as const);
  const templates = Object.fromEntries(catalog);
  const lackings = async (): Promise<Finding[]> => {
    const found = await examine(cluster, { templates } as unknown as Settings, systemClock);
    return found.filter(({ topic, state }) => topic === 'Privileges' && state === 'bad');
  };
  return { root, api: cluster.api, lackings, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** The bot's cluster, with what is not as usual. */
export function connect(lab: Lab, secret: string, more: object = {}): Cluster {
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
export async function rightsOf(root: ApiForTests): Promise<Record<string, Held>> {
  const held: Record<string, Record<string, Record<string, 0 | 1>>> = {};
  for (const userid of [user, `${user}!t`]) {
    for (const path of looked) {
      const query = new URLSearchParams({ path, userid });
      held[userid] = { ...held[userid], ...(await root.get<Held>(`/access/permissions?${query}`)) };
    }
  }
  return held;
}

/** What somebody may not do any more. */
export function lost(before: Readonly<Record<string, Held>>, after: Readonly<Record<string, Held>>): string[] {
  return Object.entries(before).flatMap(([who, held]) =>
    Object.entries(held).flatMap(([path, privileges]) =>
      Object.entries(privileges)
        .filter(([name, below]) => (after[who]?.[path]?.[name] ?? -1) < below)
        .map(([name]) => `${who}: ${name} on ${path}`),
    ),
  );
}

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataOf } from './golden-compare.ts';
import { type Answer, type Keys, type Recorded, replay } from './golden-replay.ts';
import { described } from './schema-for-tests.ts';
import { startSimulated } from './simulated/engine.ts';
import { labImage } from './simulated/image.ts';
import { quickTimes, type Times } from './simulated/times.ts';
import { type Lab, startLab } from './start.ts';

/** A lab in the state that the recordings begin with, and what is known of the play so far. */
export interface Scene extends AsyncDisposable {
  readonly lab: Lab;
  readonly keys: Keys;
  readonly times: { -readonly [Name in keyof Times]: Times[Name] };
}

/** The state that the recordings begin with: one node, one storage, one template, root with a token. */
export async function startScene(profile: '8.4' | '9.2'): Promise<Scene> {
  const iso = { name: 'lab.iso', bytes: Buffer.alloc(54_816) };
  const disk = { name: 'debian12.qcow2', bytes: labImage({ virtualSize: 2 * 1024 ** 3, os: 'debian', agent: true }) };
  const times = { ...quickTimes };
  const engine = await startSimulated({ times });
  const lab = await startLab({
    profile,
    ...described(profile),
    engine,
    nodes: ['pve1'],
    storages: [{ storage: 'local', path: '/var/lib/vz' }],
    lockTimeoutMs: 50,
    agentTimeoutMs: 5,
    rebootGapMs: 100,
    secondMs: 20,
    images: [iso, disk],
    templates: [
      {
        vmid: 9000,
        name: 'tmpl-debian12',
        config: {
          kvm: '0',
          cpu: 'max',
          ciuser: 'lab',
          cipassword: 'lab',
          ciupgrade: '0',
          sshkeys: 'ssh-ed25519%20AAAA',
          ipconfig0: 'ip=10.77.0.90/24,gw=10.77.0.1',
        },
      },
    ],
  });
  const root = lab.state.users.find(({ userid }) => userid === 'root@pam');
  assert.ok(root);
  root.password = 'pvelab-secret';
  root.tokens.push({ tokenid: 'lab', secret: 'secret', privsep: false, expire: 0, comment: undefined });
  const keys: Keys = {
    upids: new Map(),
    tokens: new Map([['root@pam!lab', 'secret']]),
    pids: new Map(),
    ticket: undefined,
  };
  for (const name of ['inst.iso', 'inst2.iso']) {
    await uploadIso(lab, name);
  }
  return {
    ...{ lab, keys, times },
    async [Symbol.asyncDispose]() {
      await lab[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
    },
  };
}

/** Discs that the recordings use without showing where they came from. */
async function uploadIso(lab: Lab, name: string): Promise<void> {
  const record = {
    request: {
      method: 'POST',
      path: '/api2/json/nodes/pve1/storage/local/upload',
      params: { content: 'iso', filename: `name='${name}' bytes=2048` },
      auth: 'token',
    },
  };
  await replay(
    lab,
    { ...record, name, status: 200, statusText: 'OK', body: '' },
    { tokens: new Map([['root@pam!lab', 'secret']]), upids: new Map(), pids: new Map(), ticket: undefined },
  );
  await lab.cluster.tasks.settle();
}

/** What happened around the recorded cluster before a call. */
const before: readonly (readonly [RegExp, (scene: Scene) => unknown])[] = [
  [/^cluster\./, ({ lab }) => addSecondNode(lab)],
  [/^cluster\.node-(just-)?down/, ({ lab }) => setOnline(lab, false)],
  [/^cluster\.no-quorum/, ({ lab }) => Object.assign(lab.state, { quorate: false })],
  [/^cluster\.quorum-back/, ({ lab }) => Object.assign(lab.state, { quorate: true })],
  [/^task\.start-long/, ({ times }) => Object.assign(times, { copyMs: 300 })],
  [/^task\.stop-again/, ({ times }) => Object.assign(times, quickTimes)],
  [/^(guest\.agent\.interfaces|guest\.poweroff-inside)$/, ({ lab }) => untilAgent(lab, 500)],
  [/^guest\.start$/, ({ times }) => Object.assign(times, { bootMs: 300 })],
  [/^guest\.agent\.interfaces$/, ({ times }) => Object.assign(times, quickTimes)],
  [/^guest\.start2$/, ({ times }) => Object.assign(times, { bootMs: 10_000 })],
  [/^guest\.delete$/, ({ times }) => Object.assign(times, quickTimes)],
  [/^guest\.start3$/, ({ lab }) => lab.cluster.tasks.settle()],
  [/^guest\.poweroff-inside\.status$/, ({ lab }) => untilOff(lab, 500)],
  [/^guest\.agent\.exec-status/, () => sleep(5)],
  [/^nokvm\.start$/, ({ lab }) => setKvm(lab, false)],
  [/^nokvm\.delete$/, ({ lab }) => setKvm(lab, true)],
  [/^cicustom\.regenerate$/, ({ lab }) => putSnippet(lab, 'u422.yaml')],
  [/^cicustom\.start-missing-file$/, ({ lab }) => dropSnippets(lab)],
];

/** Calls that find the work of earlier ones still going on. */
export const amidWork = /^(task\.(start-long2?$|running|list-running|stop$)|guest\.shutdown-long2?$)/;

/** Plays one recorded call. Its task has ended when this resolves, unless the recording went on beside it. */
export async function playOne(scene: Scene, recorded: Recorded): Promise<Answer> {
  const { lab, keys } = scene;
  if (recorded.name === 'task.start-long2') await lab.cluster.tasks.settle();
  for (const [names, happens] of before) if (names.test(recorded.name)) await happens(scene);
  const answer = await replay(lab, forThisLab(scene, recorded), keys);
  remember(keys, recorded, answer);
  if (!amidWork.test(recorded.name)) await lab.cluster.tasks.settle();
  return answer;
}

function addSecondNode(lab: Lab): void {
  const [first] = lab.state.nodes;
  if (first && lab.state.nodes.length === 1) lab.state.nodes.push({ ...first, name: 'pve2' });
}

function setKvm(lab: Lab, kvm: boolean): void {
  for (const node of lab.state.nodes) node.kvm = kvm;
}

/** As somebody does on the node itself. */
function putSnippet(lab: Lab, name: string): void {
  const about = {
    storage: 'local',
    node: 'pve1',
    content: 'snippets',
    format: 'snippet',
    size: 64,
    used: 64,
    ctime: 0,
  };
  const none = { vmid: undefined, parent: undefined, checksum: undefined };
  lab.state.volumes.push({ volid: `local:snippets/${name}`, ...about, ...none });
}

function dropSnippets({ state }: Lab): void {
  state.volumes = state.volumes.filter(({ content }) => content !== 'snippets');
}

function setOnline(lab: Lab, online: boolean): void {
  for (const node of lab.state.nodes) if (node.name === 'pve2') node.online = online;
}

async function untilAgent(lab: Lab, vmid: number): Promise<void> {
  while (!(await lab.engine.agent(vmid, 'guest-ping', {}, 2).catch(() => undefined))) await sleep(2);
}

async function untilOff(lab: Lab, vmid: number): Promise<void> {
  while (lab.engine.power(vmid) !== 'stopped') await sleep(2);
}

/** The recording's download address and checksum, turned into ours. */
function forThisLab({ lab, keys }: Scene, recorded: Recorded): Recorded {
  const zeros = createHash('sha256').update(Buffer.alloc(54_816)).digest('hex');
  const text = JSON.stringify(recorded.request)
    .replaceAll('http://10.99.0.1:8099', lab.images.url)
    .replaceAll('http://10.99.0.1:9', 'http://127.0.0.1:9')
    .replace(/3f4b82a9[0-9a-f]{56}/g, zeros);
  const request = JSON.parse(text) as Recorded['request'];
  const pid = keys.pids.get(Number(request.params?.pid));
  return { ...recorded, request: pid === undefined ? request : { ...request, params: { pid } } };
}

function remember(keys: Keys, recorded: Recorded, answer: Answer): void {
  const [was, is] = [dataOf(recorded.body), dataOf(answer.body)];
  if (typeof was === 'string' && was.startsWith('UPID:')) keys.upids.set(was, encodeURIComponent(String(is)));
  if (recorded.name.startsWith('guest.agent.exec')) rememberPid(keys, was, is);
  const data = is as Record<string, string> | undefined;
  if (recorded.name === 'auth.ticket.ok' && data)
    keys.ticket = { ticket: data.ticket ?? '', csrf: data.CSRFPreventionToken ?? '' };
  const id = data?.['full-tokenid'];
  if (id !== undefined && data?.value !== undefined) keys.tokens.set(id, data.value);
}

function rememberPid(keys: Keys, was: unknown, is: unknown): void {
  const pidOf = (data: unknown) => (data as { pid?: number } | undefined)?.pid;
  const [recorded, ours] = [pidOf(was), pidOf(is)];
  if (recorded !== undefined && ours !== undefined) keys.pids.set(recorded, ours);
}

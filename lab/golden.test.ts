import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { type Answer, type Keys, type Recorded, readGolden, replay } from './golden-replay.ts';
import { labImage } from './simulated/image.ts';
import { type Lab, startLab } from './start.ts';

/** Groups that the lab does not play: containers, snapshots, moves and consoles; and races, which come out differently each time. */
const notPlayed =
  /^(lxc|snapshot|move-disk|http|cluster\.(node-|no-quorum|quorum-back|remove|migrate|remote|create)|nextid\.parallel|cluster\.nextid|clone\.race|task\.(running|start-long|stop|list-running)|guest\.|nokvm|power\.(shutdown-timeout-noagent|reboot-timeout)|missing-vm\.(rrd|vncproxy|migrate|snapshot)|read\.(capabilities|qemu\.index)|perm\.bot\.monitor|storage\.tiny\.(clone|create)|lock\.snapshot|upload\.chunked|cicustom\.(start|regenerate|reset|stop|by))/;

/** Records where the lab means to differ, or where the recording's own surroundings speak. */
const meant: Readonly<Record<string, string>> = {
  'auth.ticket.renew': 'the recording masks the ticket that it sent as the password',
};

for (const version of ['8.4', '9.2'] as const) {
  test(`the lab answers as the recorded Proxmox ${version} does`, async (context) => {
    const golden = await readGolden(version);
    if (!golden) return context.skip('no recordings here');
    await using setting = await startSetting(version);

    const differences: string[] = [];
    let compared = 0;
    for (const recorded of golden.filter(({ name }) => !notPlayed.test(name) && !meant[name] && !isTask(name))) {
      const answer = await playOne(setting, recorded);
      const task = golden.find(({ name }) => name === `${recorded.name}.task-status`);
      const difference = compare(recorded, answer) ?? (task && (await compareTask(setting.lab, task, answer)));
      compared++;
      if (difference !== undefined) differences.push(`${recorded.name}: ${difference}`);
    }

    const share = 1 - differences.length / compared;
    context.diagnostic(`${compared} of ${golden.length} records replayed, ${(share * 100).toFixed(1)} % agree`);
    for (const difference of differences) context.diagnostic(difference);
    assert.ok(share >= 0.95, `only ${(share * 100).toFixed(1)} % agree`);
  });
}

interface Setting extends AsyncDisposable {
  readonly lab: Lab;
  readonly keys: Keys;
}

/** The state that the recordings begin with: one node, one storage, one template, root with a token. */
async function startSetting(profile: '8.4' | '9.2'): Promise<Setting> {
  const iso = { name: 'lab.iso', bytes: Buffer.alloc(54_816) };
  const disk = { name: 'debian12.qcow2', bytes: labImage({ virtualSize: 2 * 1024 ** 3, os: 'debian', agent: true }) };
  const lab = await startLab({
    profile,
    nodes: ['pve1'],
    storages: [{ storage: 'local', path: '/var/lib/vz' }],
    lockTimeoutMs: 50,
    agentTimeoutMs: 5,
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
  const keys: Keys = { upids: new Map(), tokens: new Map([['root@pam!lab', 'secret']]), ticket: undefined };
  for (const name of ['inst.iso', 'inst2.iso']) {
    await uploadIso(lab, name);
  }
  return { lab, keys, [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose]() };
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
    { tokens: new Map([['root@pam!lab', 'secret']]), upids: new Map(), ticket: undefined },
  );
  await lab.cluster.tasks.settle();
}

async function playOne({ lab, keys }: Setting, recorded: Recorded): Promise<Answer> {
  if (recorded.name.startsWith('cluster.') && lab.state.nodes.length === 1) {
    const [first] = lab.state.nodes;
    assert.ok(first);
    lab.state.nodes.push({ ...first, name: 'pve2' });
  }
  const answer = await replay(lab, forThisLab(lab, recorded), keys);
  remember(keys, recorded, answer);
  await lab.cluster.tasks.settle();
  return answer;
}

/** The recording's download address and checksum, turned into ours. */
function forThisLab(lab: Lab, recorded: Recorded): Recorded {
  const zeros = createHash('sha256').update(Buffer.alloc(54_816)).digest('hex');
  const text = JSON.stringify(recorded.request)
    .replaceAll('http://10.99.0.1:8099', lab.images.url)
    .replaceAll('http://10.99.0.1:9', 'http://127.0.0.1:9')
    .replace(/3f4b82a9[0-9a-f]{56}/g, zeros);
  return { ...recorded, request: JSON.parse(text) as Recorded['request'] };
}

function remember(keys: Keys, recorded: Recorded, answer: Answer): void {
  const [was, is] = [dataOf(recorded.body), dataOf(answer.body)];
  if (typeof was === 'string' && was.startsWith('UPID:')) keys.upids.set(was, encodeURIComponent(String(is)));
  const data = is as Record<string, string> | undefined;
  if (recorded.name === 'auth.ticket.ok' && data)
    keys.ticket = { ticket: data.ticket ?? '', csrf: data.CSRFPreventionToken ?? '' };
  const id = data?.['full-tokenid'];
  if (id !== undefined && data?.value !== undefined) keys.tokens.set(id, data.value);
}

function compare(recorded: Recorded, answer: Answer): string | undefined {
  const [was, is] = [`${recorded.status} ${plain(recorded.statusText)}`, `${answer.status} ${plain(answer.reason)}`];
  if (was !== is) return `${was} | ${is} ${JSON.stringify(answer.body).slice(0, 200)}`;
  const [wasErrors, isErrors] = [errorsOf(recorded.body), errorsOf(answer.body)];
  if (plain(wasErrors) !== plain(isErrors)) return `${wasErrors} | ${isErrors}`;
  const [wasShape, isShape] = [shape(dataOf(recorded.body)), shape(dataOf(answer.body))];
  return wasShape === isShape ? undefined : `${wasShape} | ${isShape}`;
}

async function compareTask(lab: Lab, recorded: Recorded, answer: Answer): Promise<string | undefined> {
  const was = (dataOf(recorded.body) as Record<string, string> | undefined)?.exitstatus;
  const is = lab.cluster.tasks.find(String(dataOf(answer.body)))?.exitstatus;
  return was === undefined || plain(was) === plain(is ?? '') ? undefined : `task: ${was} | ${is}`;
}

function isTask(name: string): boolean {
  return name.endsWith('.task-status') || name.endsWith('.task-log');
}

function dataOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'data' in body ? body.data : undefined;
}

function errorsOf(body: unknown): string {
  const errors = typeof body === 'object' && body !== null && 'errors' in body ? body.errors : {};
  return JSON.stringify(Object.entries(errors as object).sort());
}

function shape(data: unknown): string {
  if (Array.isArray(data)) return 'list';
  return data === null ? 'null' : typeof data;
}

/** Without what can not be the same: addresses, hashes, temporary names. */
function plain(text: string): string {
  return text
    .replace(/pveupload-[0-9a-f]+/g, 'pveupload')
    .replace(/http:\/\/[\d.:]+|\d+\.\d+\.\d+\.\d+:\d+|[0-9a-f]{64}/g, '…')
    .replace(/qemu-img(\.real)?/g, 'qemu-img')
    .replace(/tmp_dwnl\.\d+/g, 'tmp_dwnl')
    .replace(/line \d+\./g, 'line n.');
}

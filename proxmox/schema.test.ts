import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readPermissionsAt, readRoles, readSeparation } from './access.ts';
import * as agent from './agent.ts';
import * as agentExec from './agent-exec.ts';
import type { Api } from './api.ts';
import { locateVm } from './locate.ts';
import { readBridges, readNodes, readNodeTime, readVersion } from './nodes.ts';
import { readResources } from './resources.ts';
import { type Heard, type Reply, startSetting } from './server-for-tests.ts';
import * as storage from './storage.ts';
import { runningTasks, stopTask, type Upid, waitTask } from './tasks.ts';
import { readVolumes } from './vm-volumes.ts';
import { claimVmid } from './vmids.ts';
import * as vms from './vms.ts';

/** The descriptions of Proxmox VE's own API, where a checkout has them beside it. */
const folder = join(import.meta.dirname, '../../shared/data');

interface Method {
  readonly parameters?: { readonly properties?: Readonly<Record<string, Property>> };
}
interface Property {
  readonly optional?: number;
  readonly enum?: readonly string[];
}
type Schema = Readonly<Record<string, Readonly<Record<string, Method>>>>;

const upid: Upid = 'UPID:pve1:0000012D:00086D2C:6B010F9E:qmclone:9000:bot@pve!test:';

for (const release of ['8.4', '9.2']) {
  const file = join(folder, `pve-api-schema-${release}.json`);

  test(`Proxmox VE ${release} knows every call that is made, and every parameter of it`, {
    skip: !existsSync(file),
  }, async () => {
    const schema = (JSON.parse(readFileSync(file, 'utf8')) as { paths: Schema }).paths;
    await using setting = await startSetting(answer);

    await callEverything(setting.api, setting.clock);

    const wrong = setting.server.heard.flatMap((call) => complaints(schema, call));
    assert.ok(setting.server.heard.length > 30);
    assert.deepEqual(wrong, []);
  });
}

/** Every function that calls the API, with every option that it knows. */
async function callEverything(api: Api, clock: Parameters<typeof waitTask>[2]['clock']): Promise<void> {
  const { signal } = new AbortController();
  const cluster = { api, claims: { probe: async () => ({ [Symbol.asyncDispose]: async () => {} }) } } as never;
  const clone = { node: 'pve1', source: 9000, vmid: 100, name: 'a', description: 'b', full: true };
  const drives = {
    scsi0: 'fast:0,import-from=local:import/a.qcow2',
    net0: 'virtio,bridge=vmbr0',
    ide2: 'fast:cloudinit',
  };
  const cloudInit = {
    ciuser: 'ana',
    sshkeys: 'ssh-ed25519%20AAAA',
    ipconfig0: 'ip=dhcp',
    ciupgrade: 0,
    nameserver: '1.1.1.1',
  };
  const image = { node: 'pve1', storage: 'local', url: 'https://a/b', filename: 'b.qcow2', checksum: 'ab' } as const;
  await readNodes(api);
  await readBridges(api, 'pve1');
  await readNodeTime(api, 'pve1');
  await readVersion(api);
  await readPermissionsAt(api, ['/vms'], 'bot@pve');
  await readRoles(api);
  await readSeparation(api, 'bot@pve!ci');
  await readResources(api);
  await vms.listVmsOn(api, 'pve1');
  await claimVmid({ api, claims: { vmid: async () => 101 }, settings: {} } as never, 'r-1');
  await locateVm(api, 100);
  await vms.readVm(api, 'pve1', 100);
  await vms.readStatus(api, 'pve1', 100);
  await vms.cloneFeature(api, 'pve1', 100);
  await vms.cloneVm(api, { ...clone, storage: 'fast', target: 'pve2', pool: 'bots' });
  await vms.createVm(api, { node: 'pve1', vmid: 100, name: 'a', ...drives, boot: 'order=scsi0', agent: 'enabled=1' });
  await vms.setConfig(api, 'pve1', 100, { cores: 2, sockets: 1, memory: 2048, ...cloudInit, delete: 'ide0' }, 'abc');
  await vms.changeConfig(api, 'pve1', 100, drives, 'abc');
  await vms.resizeDisk(api, 'pve1', 100, 'scsi0', 40);
  for (const act of [vms.startVm, vms.stopVm, vms.resetVm, vms.rebootVm, vms.destroyVm, vms.convertVm]) {
    await act(api, 'pve1', 100);
  }
  await vms.shutdownVm(api, 'pve1', 100, { timeoutS: 60, forceStop: true });
  await waitTask(api, upid, { clock, signal, onLog: () => {} });
  await stopTask(api, upid);
  await runningTasks(api, 'pve1', { vmid: 100, type: 'qmclone' });
  await agent.pingAgent(cluster, 'pve1', 100, signal);
  await agent.readAddresses(cluster, 'pve1', 100, 'BC:24:11:00:00:01', signal);
  await agentExec.agentExec(api, 'pve1', 100, ['true']);
  await agentExec.agentExecStatus(api, 'pve1', 100, 5);
  await agentExec.agentFileRead(api, 'pve1', 100, '/etc/hostname', 1024);
  await storage.listStorages(api, 'pve1');
  await storage.listContent(api, 'pve1', 'local', 'images', { vmid: 100 });
  await readVolumes(api, 'pve1', 100, await vms.readVm(api, 'pve1', 100).then((config) => config ?? assert.fail()));
  await storage.downloadUrl(api, { ...image, content: 'import', algorithm: 'sha512' });
  await storage.uploadIso(api, { node: 'pve1', storage: 'local', filename: 'a.iso', bytes: new Uint8Array(9) });
  await storage.deleteVolume(api, 'pve1', 'local', 'local:iso/a.iso');
}

function answer({ method, path }: Heard): Reply {
  const last = path.split('/').at(-1) ?? '';
  if (method === 'GET') return { body: { data: reads[last] ?? [] } };
  if (path.endsWith('/agent/exec')) return { body: { data: { pid: 5 } } };
  return { body: { data: upid } };
}

const reads: Readonly<Record<string, unknown>> = {
  version: { version: '8.4.1', release: '8.4' },
  time: { time: 1_795_233_784 },
  permissions: {},
  'bot%40pve': {},
  resources: [{ type: 'qemu', node: 'pve1', vmid: 100, status: 'stopped' }],
  config: { digest: 'x' },
  snapshot: [{ name: 'before' }, { name: 'current' }],
  current: { status: 'stopped' },
  feature: { hasFeature: 1 },
  status: { status: 'stopped', exitstatus: 'OK', active: 1, content: 'iso' },
  'network-get-interfaces': { result: [] },
  'exec-status': { exited: 1 },
  'file-read': { content: '' },
};

/** What Proxmox would say of a call: an unknown path, an unknown parameter, one that is missing, a word it does not know. */
function complaints(schema: Schema, { method, path, query, body, headers }: Heard): string[] {
  const template = Object.keys(schema).find((one) => matches(one, path) && schema[one]?.[method]);
  const call = `${method} ${path}`;
  if (template === undefined) return [`${call}: there is no such method`];
  const known = schema[template]?.[method]?.parameters?.properties ?? {};
  const isForm = !headers['content-type']?.startsWith('multipart');
  const sent = isForm ? [...new URLSearchParams(query || body)] : partsOf(body);
  const unknown = sent
    .filter(([key]) => !(numbered(key) in known) && !(key in known))
    .map(([key]) => `${call}: no ${key}`);
  const given = new Set([
    ...sent.map(([key]) => key),
    ...[...template.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name),
  ]);
  const missing = Object.entries(known).filter(([key, { optional }]) => !optional && !given.has(key));
  const words = sent.filter(([key, value]) => known[key]?.enum?.includes(value) === false);
  return [
    ...unknown,
    ...missing.map(([key]) => `${call}: lacks ${key}`),
    ...words.map(([key]) => `${call}: wrong ${key}`),
  ];
}

function matches(template: string, path: string): boolean {
  return new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(path);
}

/** `net0` is described as `net[n]`. */
const numbered = (key: string) => key.replace(/\d+$/, '[n]');

function partsOf(body: string): [string, string][] {
  return [...body.matchAll(/name="([^"]+)"(?:; filename="[^"]*")?(?:\r\n[^\r]+)*\r\n\r\n([^\r]*)\r\n/g)].map(
    ([, name = '', value = '']) => [name, value],
  );
}

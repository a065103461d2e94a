import { allows } from '../access.ts';
import { fetchUrl } from '../fetch-url.ts';
import { flag, optional, type Params, text, vmid } from '../params.ts';
import { died } from '../problem.ts';
import { type Call, perm, permNetwork, type Route } from '../route.ts';
import { memoryInUse } from '../rows.ts';

export const nodeRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/nodes/{node}/status',
    access: perm('/nodes/{node}', 'Sys.Audit'),
    params: {},
    run: nodeStatus,
  },
  { method: 'GET', path: '/nodes/{node}/network', access: 'user', params: { type: optional(text()) }, run: network },
  {
    method: 'GET',
    path: '/nodes/{node}/query-url-metadata',
    access: permNetwork,
    params: { url: text(), 'verify-certificates': optional(flag) },
    run: urlMetadata,
  },
  { method: 'GET', path: '/nodes/{node}/time', access: perm('/nodes/{node}', 'Sys.Audit'), params: {}, run: time },
  {
    method: 'GET',
    path: '/nodes/{node}',
    access: 'user',
    params: {},
    run: () => ['qemu', 'lxc', 'tasks', 'storage', 'network', 'status', 'time', 'version'].map((name) => ({ name })),
  },
  {
    method: 'POST',
    path: '/nodes/{node}/lxc',
    access: 'user',
    params: (given) => ({ ...looseParams(Object.keys(given)), vmid, ostemplate: text() }),
    run: refuseContainer,
  },
  {
    method: 'GET',
    path: '/nodes/{node}/capabilities/qemu/machines',
    access: 'user',
    params: { arch: optional(text()) },
    run: () => ['i440fx', 'q35'].map((type) => ({ id: `pc-${type}-9.2`, type, version: '9.2' })),
  },
  { method: 'GET', path: '/nodes/{node}/lxc', access: 'user', params: {}, run: () => [] },
  {
    method: 'GET',
    path: '/nodes/{node}/lxc/{vmid}/config',
    access: perm('/vms/{vmid}', 'VM.Audit'),
    params: {},
    run: noContainer,
  },
  {
    method: 'GET',
    path: '/nodes/{node}/lxc/{vmid}/status/current',
    access: perm('/vms/{vmid}', 'VM.Audit'),
    params: {},
    run: noContainer,
  },
];

function nodeStatus({ cluster, node }: Call): unknown {
  const spec = cluster.state.nodes.find((candidate) => candidate.name === node);
  const total = spec?.memory ?? 0;
  const used = 1024 ** 3 + memoryInUse(cluster, node);
  const release = cluster.settings.profile === '8.4' ? '8.4.21' : '9.2.11';
  const memory = { total, used, free: total - used };
  return {
    cpu: 0.02,
    wait: 0,
    idle: 0,
    uptime: Math.floor((Date.now() - cluster.startedAt) / 1000),
    loadavg: ['0.12', '0.08', '0.05'],
    cpuinfo: {
      cpus: spec?.cpus ?? 0,
      cores: spec?.cpus ?? 0,
      sockets: 1,
      model: 'Lab',
      mhz: '2600.000',
      hvm: '',
      user_hz: 100,
      flags: '',
    },
    memory: cluster.settings.profile === '8.4' ? memory : { ...memory, available: total - used },
    swap: { total: 0, used: 0, free: 0 },
    rootfs: { total: 270_553_174_016, used: 43_231_858_688, free: 227_321_315_328, avail: 227_321_315_328 },
    ksm: { shared: 0 },
    'boot-info': { mode: 'legacy-bios' },
    'current-kernel': { machine: 'x86_64', sysname: 'Linux', release: '6.8.12-lab', version: '#1 SMP' },
    kversion: 'Linux 6.8.12-lab #1 SMP',
    pveversion: `pve-manager/${release}/lab`,
  };
}

/** Without a right on a bridge it is not there. */
function network({ cluster, caller, node, values }: Call): unknown[] {
  const all = cluster.state.nodes.find((candidate) => candidate.name === node)?.bridges ?? [];
  const bridges = all.filter((bridge) =>
    ['SDN.Use', 'SDN.Audit'].some((right) => allows(cluster.state, caller, `/sdn/zones/localnetwork/${bridge}`, right)),
  );
  const rows = bridges.map((iface, index) => ({
    iface,
    type: 'bridge',
    active: 1,
    autostart: 1,
    method: 'manual',
    method6: 'manual',
    families: ['inet'],
    bridge_ports: '',
    bridge_stp: 'off',
    bridge_fd: '0',
    priority: index + 3,
  }));
  const wanted = values.type;
  return wanted === undefined || wanted === 'bridge' || wanted.startsWith('any_') ? rows : [];
}

async function urlMetadata({ values }: Call): Promise<unknown> {
  const url = new URL(values.url ?? '');
  const found = await fetchUrl(url, 'HEAD').catch((error: Error) => {
    throw died(`invalid server response: '500 Can't connect to ${url.host} (${error.message})'`);
  });
  found.body.resume();
  if (found.status !== 200) throw died(`invalid server response: '${found.status} ${found.reason}'`);
  return { filename: url.pathname.split('/').at(-1), mimetype: found.type, size: found.size };
}

/** As far as its parameters can be wrong; the lab has no containers. */
function refuseContainer({ values }: Call): never {
  throw died(`unable to create CT ${values.vmid} - the lab has no containers`);
}

function looseParams(names: readonly string[]): Params {
  return Object.fromEntries(names.map((name) => [name, optional(text())]));
}

function time(): unknown {
  const now = Math.floor(Date.now() / 1000);
  return { time: now, localtime: now, timezone: 'Etc/UTC' };
}

function noContainer({ node, vmid }: Call): never {
  throw died(`Configuration file 'nodes/${node}/lxc/${vmid}.conf' does not exist`);
}

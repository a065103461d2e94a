import type { Api } from './api.ts';
import { type Asked, askNodes } from './ask-nodes.ts';
import type { Cluster } from './cluster.ts';
import { splitTags } from './config.ts';
import { byNodeName, type NodeState } from './nodes.ts';
import { amountIn as amount, ResourceRows, type ResourceRow as Row, textIn as text } from './resource-rows.ts';
import { listVmsOn, type Vm } from './vms.ts';

/** Who has a number: VMs and containers share them. */
export interface Holder {
  readonly vmid: number;
  readonly name: string;
  readonly node: string;
}

/** A storage of one node, as the cluster's list has it; only those on which the token has Datastore.Audit. */
export interface ListedStorage {
  readonly node: string;
  readonly storage: string;
  /** The same volumes on every node. */
  readonly shared: boolean;
}

/** What the whole cluster consists of, in one snapshot. */
export interface Resources {
  /** By name. */
  readonly nodes: readonly NodeState[];
  /** Templates too. */
  readonly vms: readonly Vm[];
  readonly storages: readonly ListedStorage[];
  readonly holders: readonly Holder[];
}

/**
 * The cluster in one call, which Proxmox answers from memory, whatever a node or a storage does. It is up to 10 s old, but for where each VM is; VMs that are
 * newer than that have neither name nor state. With thousands of VMs this is the one call that takes time, so its rows are read by hand.
 *
 * GET /cluster/resources
 */
export async function readResources(api: Api, signal?: AbortSignal): Promise<Resources> {
  const found = await api.get('/cluster/resources', ResourceRows, undefined, signal ? { signal } : {});
  const nodes = found.flatMap((row) => (row.type === 'node' ? readNode(row) : [])).sort(byNodeName);
  const offline = new Set(nodes.flatMap(({ node, online }) => (online ? [] : node)));
  const vms: Vm[] = [];
  const storages: ListedStorage[] = [];
  const holders: Holder[] = [];
  // Most VMs share their tags with many others.
  const tagLists = new Map<string, readonly string[]>();
  const tagsOf = (tags: string) => tagLists.getOrInsertComputed(tags, splitTags);
  for (const row of found) {
    const node = text(row.node) ?? '';
    if (row.type === 'storage')
      storages.push({ node, storage: text(row.storage) ?? '', shared: amount(row.shared) === 1 });
    if (row.type !== 'qemu' && row.type !== 'lxc') continue;
    const vmid = amount(row.vmid);
    holders.push({ vmid, node, name: holderName(row) });
    if (row.type === 'qemu')
      vms.push(readVm({ row, vmid, node, away: offline.has(node), tags: tagsOf(text(row.tags) ?? '') }));
  }
  return { nodes, vms, storages, holders };
}

/**
 * The same with what nodes say of the VMs that were too new for the cluster's list; `known` are numbers of VMs of which nothing more needs to be known.
 * No node is asked when there is no such VM.
 *
 * GET /nodes/{node}/qemu
 */
export async function withNewVms(
  cluster: Reach,
  resources: Resources,
  known: ReadonlySet<number> = new Set(),
): Promise<Resources & { readonly silent: readonly string[] }> {
  const online = new Set(resources.nodes.flatMap(({ node, online }) => (online ? node : [])));
  const isNew = ({ vmid, node, name }: Vm) => name === undefined && online.has(node) && !known.has(vmid);
  const nodes = [...new Set(resources.vms.filter(isNew).map(({ node }) => node))];
  if (nodes.length === 0) return { ...resources, silent: [] };
  const { answers, silent } = await askVms(cluster, nodes);
  return { ...resources, vms: withAnswers(resources.vms, answers), silent };
}

/** Every VM that the token may see, templates too; `unknown` are those of nodes that are away, or that did not answer, which are named. */
export interface VmList {
  readonly vms: readonly Vm[];
  readonly silent: readonly string[];
}

/**
 * The VMs as they are now: each node with VMs is asked for its own.
 *
 * GET /cluster/resources, GET /nodes/{node}/qemu
 */
export async function listVms(cluster: Reach, resources?: Resources): Promise<VmList> {
  const { nodes, vms } = resources ?? (await readResources(cluster.api));
  const offline = new Set(nodes.flatMap(({ node, online }) => (online ? [] : node)));
  const asked = [...new Set(vms.map(({ node }) => node))].filter((node) => !offline.has(node));
  const { answers, silent } = await askVms(cluster, asked);
  const away = new Set(silent);
  const now = withAnswers(vms, answers);
  return { vms: now.map((vm) => (away.has(vm.node) ? { ...vm, status: 'unknown' } : vm)), silent };
}

function askVms(cluster: Reach, nodes: readonly string[]): Promise<Asked<Vm[]>> {
  return askNodes(cluster, nodes, (node, signal) => listVmsOn(cluster.api, node, signal));
}

/** VMs that their node does not list are on their way between two nodes, or just gone: the cluster's row stays, as `unknown`. */
function withAnswers(vms: readonly Vm[], answers: Asked<Vm[]>['answers']): Vm[] {
  const fresh = new Map([...answers.values()].flat().map((vm) => [vm.vmid, vm]));
  return vms.map((vm) => {
    const now = fresh.get(vm.vmid);
    // A node does not tell which pool a VM is in.
    if (now) return vm.pool === undefined ? now : { ...now, pool: vm.pool };
    return answers.has(vm.node) ? { ...vm, status: 'unknown' } : vm;
  });
}

type Reach = Pick<Cluster, 'api' | 'settings'>;

function readNode(row: Row): NodeState {
  return {
    ...{ node: text(row.node) ?? '', online: row.status === 'online' },
    ...{ memoryTotal: amount(row.maxmem), memoryUsed: amount(row.mem) },
    ...{ cpus: amount(row.maxcpu), cpuLoad: amount(row.cpu), uptime: amount(row.uptime) },
  };
}

const namedIn = ['name', 'lock', 'pool'] as const;

type ListedVm = {
  readonly row: Row;
  readonly vmid: number;
  readonly node: string;
  readonly away: boolean;
  readonly tags: readonly string[];
};

/** Written without spreads, which cost more than all the rest with thousands of VMs. */
function readVm({ row, vmid, node, away, tags }: ListedVm): Vm {
  const { status } = row;
  const isKnown = !away && (status === 'running' || status === 'stopped');
  const vm: { -readonly [K in keyof Vm]: Vm[K] } = {
    vmid,
    node,
    template: amount(row.template) === 1,
    tags,
    status: isKnown ? status : 'unknown',
    maxMemory: amount(row.maxmem),
    cpus: amount(row.maxcpu),
    maxDisk: amount(row.maxdisk),
  };
  for (const key of namedIn) {
    const value = text(row[key]);
    if (value !== undefined) vm[key] = value;
  }
  if (row.uptime !== undefined) vm.uptime = amount(row.uptime);
  return vm;
}

function holderName({ type, name }: Row): string {
  const own = text(name);
  if (type === 'lxc') return own === undefined ? 'a container' : `container ${own}`;
  return own ?? 'a VM';
}

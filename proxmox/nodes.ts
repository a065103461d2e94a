import { z } from 'zod';
import type { Api } from './api.ts';
import { at } from './encode.ts';
import { Amount, rows } from './shapes.ts';

/** A node of the cluster. Without Sys.Audit on it only name and state are known and the numbers are 0. */
export interface NodeState {
  readonly node: string;
  readonly online: boolean;
  /** Bytes. */
  readonly memoryTotal: number;
  /** Bytes; up to 10 s old. */
  readonly memoryUsed: number;
  readonly cpus: number;
  /** The share of all CPUs in use, 0 to 1. */
  readonly cpuLoad: number;
  /** Seconds. */
  readonly uptime: number;
}

/**
 * The nodes, by name.
 *
 * GET /nodes
 */
export async function readNodes(api: Api): Promise<NodeState[]> {
  const found = await api.get('/nodes', rows(NodeRow));
  return found.sort(byNodeName);
}

/** `pve2` before `pve10`. */
export const byNodeName = (one: { readonly node: string }, other: { readonly node: string }): number =>
  one.node.localeCompare(other.node, 'en', { numeric: true });

/** `version` is exact (8.4.21), `release` the minor one (8.4). */
export interface Version {
  readonly version: string;
  readonly release: string;
  readonly major: number;
  readonly minor: number;
}

/**
 * The version of the host that answers.
 *
 * GET /version
 */
export async function readVersion(api: Api): Promise<Version> {
  const { version, release } = await api.get('/version', z.object({ version: z.string(), release: z.string() }));
  const [major = 0, minor = 0] = release.split('.').map(Number);
  return { version, release, major, minor };
}

/** By path, what the token may do there; `true` when it holds for what is below too. */
export type Permissions = Readonly<Record<string, Readonly<Record<string, boolean>>>>;

/**
 * The names of a node's bridges that the token may use or see.
 *
 * GET /nodes/{node}/network
 */
export async function readBridges(api: Api, node: string, signal?: AbortSignal): Promise<string[]> {
  const shape = rows(z.object({ iface: z.string() }));
  const query = { type: 'any_bridge' };
  const found = await api.get(at`/nodes/${node}/network`, shape, query, signal ? { signal } : {});
  return found.map(({ iface }) => iface);
}

/**
 * A node's clock, ms since the epoch, to the second. Needs Sys.Audit on the node.
 *
 * GET /nodes/{node}/time
 */
export async function readNodeTime(api: Api, node: string, signal?: AbortSignal): Promise<number> {
  const shape = z.object({ time: Amount });
  const { time } = await api.get(at`/nodes/${node}/time`, shape, undefined, signal ? { signal } : {});
  return time * 1000;
}

const NodeRow = z
  .object({
    node: z.string(),
    status: z.string().optional(),
    maxmem: Amount.nullish(),
    mem: Amount.nullish(),
    maxcpu: Amount.nullish(),
    cpu: Amount.nullish(),
    uptime: Amount.nullish(),
  })
  .transform(
    ({ node, status, maxmem, mem, maxcpu, cpu, uptime }): NodeState => ({
      ...{ node, online: status === 'online', memoryTotal: maxmem ?? 0, memoryUsed: mem ?? 0 },
      ...{ cpus: maxcpu ?? 0, cpuLoad: cpu ?? 0, uptime: uptime ?? 0 },
    }),
  );

import type { Caller } from './access.ts';
import { allows, need, needAny } from './access.ts';
import type { Cluster } from './cluster.ts';
import type { Given, Params } from './params.ts';
import { forbidden } from './problem.ts';

/** One method of the API. Each `routes/*.ts` exports a list of them, `table.ts` puts them together. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/nodes/{node}/qemu/{vmid}/config`. */
  readonly path: string;
  /** `world` needs no login, `user` any login; a rule looks at the caller's rights before anything else does. */
  readonly access: 'world' | 'user' | Rule;
  /** What it takes besides the names in its path; a function where the names decide (VM config options). */
  readonly params: Params | ((given: Given) => Params);
  run(call: Call): unknown;
}

export type Rule = (call: Asking) => void;

/** A call before its parameters were looked at. */
export interface Asking {
  readonly cluster: Cluster;
  readonly caller: Caller;
  /** The values of the names in the path. */
  readonly path: Readonly<Record<string, string>>;
  readonly given: Given;
}

export interface Call extends Asking {
  /** Checked parameters as texts. */
  readonly values: Readonly<Record<string, string>>;
  readonly node: string;
  readonly vmid: number;
  /** Makes this answer's connection close, the work done or not, when the client goes away first. */
  readonly signal: AbortSignal;
}

/** A list with its length before it was cut to one page. */
export class Page {
  readonly rows: unknown;
  readonly total: number;
  constructor(rows: unknown, total: number) {
    this.rows = rows;
    this.total = total;
  }
}

/** The caller needs all of these on `path`, in which `{vmid}` and the like are filled in. */
export function perm(path: string, ...privileges: readonly string[]): Rule {
  return (call) => need(call.cluster.state, call.caller, fill(path, call), ...privileges);
}

/** One of these is enough. */
export function permAny(path: string, ...privileges: readonly string[]): Rule {
  return (call) => needAny(call.cluster.state, call.caller, fill(path, call), ...privileges);
}

/** Guest agent calls: 8.x has one privilege for all of them, 9.x one per kind. */
export function permAgent(kind: 'Audit' | 'FileRead' | 'FileWrite' | 'Unrestricted'): Rule {
  return (call) => {
    const path = fill('/vms/{vmid}', call);
    if (call.cluster.settings.profile === '8.4') return need(call.cluster.state, call.caller, path, 'VM.Monitor');
    const enough = [...new Set([`VM.GuestAgent.${kind}`, 'VM.GuestAgent.Unrestricted'])];
    return needAny(call.cluster.state, call.caller, path, ...enough);
  };
}

/** Download-url and its like: rights on the whole cluster or on the node's network. */
export const permNetwork: Rule = ({ cluster, caller, path }) => {
  const has = (where: string, privilege: string) => allows(cluster.state, caller, where, privilege);
  if (has('/', 'Sys.Audit') && has('/', 'Sys.Modify')) return;
  if (!has(`/nodes/${path.node}`, 'Sys.AccessNetwork')) throw forbidden();
};

/** A new VM: rights on its number, or on the pool it is made in. */
export function permAllocate(name: 'vmid' | 'newid'): Rule {
  return ({ cluster, caller, given }) => {
    if (allows(cluster.state, caller, `/vms/${given[name]}`, 'VM.Allocate')) return;
    if (given.pool === undefined) throw forbidden();
    if (!allows(cluster.state, caller, `/pool/${given.pool}`, 'VM.Allocate')) throw forbidden();
  };
}

function fill(path: string, call: Asking): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => String(call.path[name] ?? call.given[name] ?? ''));
}

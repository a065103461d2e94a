import type { Redis } from 'ioredis';
import { asking } from './scripts.ts';

/** What the configuration of a VM said when it was read last. */
export interface ConfiguredVm {
  readonly vmid: number;
  readonly name: string;
  readonly node: string;
  /** The key of the person it was made for, when it is ours. */
  readonly owner?: string;
  /** The static addresses of its `ipconfigN`. */
  readonly addresses: readonly string[];
  /** When, ms since the epoch. */
  readonly readAt: number;
}

/** A VM of ours as it was when it answered. */
export interface ReachedVm {
  readonly vmid: number;
  readonly name: string;
  readonly node: string;
  readonly address: string;
  /** Upper case. */
  readonly mac: string;
  /** `SHA256:…`; missing until SSH has answered. */
  readonly hostKey?: string;
}

/** What VMs can be told by: {@link AddressIndex.reached} finds those that share one of these. */
export type Traits = { readonly [trait in 'address' | 'mac' | 'hostKey']?: string };

/**
 * Who was seen with which address in one cluster. It may be old or incomplete: it says which VMs to look at once more,
 * and nothing is decided by it alone.
 */
export interface AddressIndex {
  /** Every VM whose configuration was read. */
  configured(): Promise<ConfiguredVm[]>;
  /** Keeps what was read, in place of what these VMs had. */
  putConfigured(vms: readonly ConfiguredVm[]): Promise<void>;
  /** VMs of ours that were reached and share a trait. */
  reached(traits: Traits): Promise<ReachedVm[]>;
  putReached(vm: ReachedVm): Promise<void>;
  /** The VMIDs of all that were reached. */
  reachedVmids(): Promise<number[]>;
  /** These VMs are gone. */
  forget(vmids: readonly number[]): Promise<void>;
}

/** The index of one cluster, under keys that begin with `prefix`. Trouble with Redis is a passing `RemoteError`. */
export function openAddressIndex(redis: Redis, { prefix, cluster }: { prefix: string; cluster: string }): AddressIndex {
  const key = (name: string) => `${prefix}:address-index:${cluster}:${name}`;
  /** HASH VMID -> JSON, twice; ZSET of `trait value VMID`, which is looked through by its beginnings. */
  const [configured, reached, traits] = [key('configured'), key('reached'), key('traits')];

  return {
    async configured() {
      const found = await asking(() => redis.hvals(configured));
      return found.map((json) => JSON.parse(json) as ConfiguredVm);
    },

    async putConfigured(vms) {
      if (vms.length === 0) return;
      const entries = vms.flatMap((vm) => [vm.vmid, JSON.stringify(vm)]);
      await asking(() => redis.hset(configured, ...entries));
    },

    async reached(wanted) {
      const starts = Object.entries(wanted).map(([trait, value]) => `${trait} ${value} `);
      const lists = await asking(() =>
        Promise.all(starts.map((start) => redis.zrange(traits, `[${start}`, `[${start}~`, 'BYLEX'))),
      );
      const vmids = [...new Set(lists.flat().map((member) => member.slice(member.lastIndexOf(' ') + 1)))];
      if (vmids.length === 0) return [];
      const found = await asking(() => redis.hmget(reached, ...vmids));
      const vms = found.flatMap((json) => (json === null ? [] : [JSON.parse(json) as ReachedVm]));
      // Another VM may have the number since, or the same one another address.
      return vms.filter((vm) => Object.entries(wanted).some(([trait, value]) => vm[trait as keyof Traits] === value));
    },

    async putReached(vm) {
      const [before] = await read([vm.vmid]);
      const change = redis.multi();
      if (before) change.zrem(traits, ...membersOf(before));
      change.hset(reached, String(vm.vmid), JSON.stringify(vm));
      change.zadd(traits, ...membersOf(vm).flatMap((member) => [0, member]));
      await asking(() => change.exec());
    },

    async reachedVmids() {
      return (await asking(() => redis.hkeys(reached))).map(Number);
    },

    async forget(vmids) {
      if (vmids.length === 0) return;
      const members = (await read(vmids)).flatMap(membersOf);
      const fields = vmids.map(String);
      const change = redis
        .multi()
        .hdel(configured, ...fields)
        .hdel(reached, ...fields);
      if (members.length > 0) change.zrem(traits, ...members);
      await asking(() => change.exec());
    },
  };

  async function read(vmids: readonly number[]): Promise<ReachedVm[]> {
    const found = await asking(() => redis.hmget(reached, ...vmids.map(String)));
    return found.flatMap((json) => (json === null ? [] : [JSON.parse(json) as ReachedVm]));
  }
}

function membersOf({ vmid, address, mac, hostKey }: ReachedVm): string[] {
  const traits: Traits = { address, mac, ...(hostKey === undefined ? {} : { hostKey }) };
  return Object.entries(traits).map(([trait, value]) => `${trait} ${value} ${vmid}`);
}

import type { Redis } from 'ioredis';
import { type Clock, systemClock } from '#base/clock.ts';
import { makeLine } from '#base/turns.ts';
import { nameClaimed, nameTaken, noVmid, runOver } from './claims/refusals.ts';
import { asking, call } from './claims/scripts.ts';
import { takeToken } from './claims/tokens.ts';

/** Memory and disk of a VM that is being made; the disk is 0 for a linked clone. */
export type RoomWanted = {
  readonly node: string;
  readonly memoryMiB: number;
  readonly storage: string;
  readonly diskGiB: number;
};
/** A creation that is not settled yet; `vmid` once it has claimed one. */
export type InFlight = RoomWanted & { readonly run: string; readonly vmid?: number };
export type Held = { readonly vmid?: number; readonly name?: string; readonly room?: RoomWanted };
/** A run that has what another one wanted, and the VM it makes. */
export type Claimant = { readonly run: string; readonly vmid?: number; readonly name?: string };
/** With `dry` the answer is what would be claimed, and nothing is kept. */
type Peek = { readonly dry?: boolean };

/**
 * What runs have put their hand on in one cluster before Proxmox knows of it: numbers, names, addresses and room. Claims belong to runs and not to processes, and
 * have no expiry: `settle` or `release` ends them. A run may claim more than one of each under names of its own (`RUN:…`), which end with it.
 */
export interface Claims {
  /**
   * A VMID of `range` (both ends included) that is neither in `taken`, nor another run's, nor resting; the lowest, or exactly `wish`. The same run
   * is given the same one again. Throws a `UserError` when there is none.
   */
  vmid(
    run: string,
    range: { readonly from: number; readonly to: number },
    taken: ReadonlySet<number>,
    options?: Peek & { readonly wish?: number },
  ): Promise<number>;
  /** The name wished for, in lower case. Throws a `UserError` when a VM has it (case does not count) or another run claims it. */
  name(run: string, wish: string, taken: ReadonlySet<string>, options?: Peek): Promise<string>;
  /** `prefix-N` with N above every number ever given for this prefix, and above those of existing VMs. The same run is given the same one again. */
  numberedName(run: string, prefix: string, taken: ReadonlySet<string>, options?: Peek): Promise<string>;
  /**
   * Claims an IP address in place of the one this run had. Answers who has it instead: another run, with what it
   * makes as far as it has claimed that; undefined when the address is this run's now.
   */
  address(run: string, address: string, options?: Peek): Promise<Claimant | undefined>;
  /** Counts a creation on its node until the run ends. It does not judge whether there is room. */
  room(run: string, want: RoomWanted, options?: Peek): Promise<void>;
  inFlight(): Promise<InFlight[]>;
  /** What this very run claims. */
  held(run: string): Promise<Held>;
  /** The runs that claim anything. */
  owners(): Promise<ReadonlySet<string>>;
  /** Waits for the turn to choose a node: whoever has it sees all choices made before. A turn ends by itself after 5 s. */
  placing(signal: AbortSignal): Promise<AsyncDisposable>;
  /** Somebody outside took this number: the run's claim ends, and nobody is given the number for a day. */
  refuse(run: string, vmid: number): Promise<void>;
  /** A VM with this number is gone: nobody is given it for `lengthMs`, so that whoever still thinks of the old VM does not meet a new one. */
  retire(vmid: number, lengthMs: number): Promise<void>;
  /** Ends all claims of a run that failed. Numbers that no VM had are free at once; whoever removed a VM has retired its number already. */
  release(run: string): Promise<void>;
  /** Ends all claims of a run that made what it wanted: Proxmox tells of it now. */
  settle(run: string): Promise<void>;
  /** The node's one place for asking a guest agent, for all processes together; `undefined` while somebody has it. A silent agent holds up its node for 3 s. */
  probe(node: string, signal: AbortSignal): Promise<AsyncDisposable | undefined>;
}

const dayMs = 86_400_000;
const turnMs = 5_000;
/** Proxmox gives an agent 3 s for its ping, and the call itself some more. */
const probeMs = 10_000;

/**
 * Claims of one cluster. All keys begin with `prefix`, whose hash tag keeps them in one slot. `underWay` is a sorted set of runs: who is not in it is given
 * nothing (an `Error`).
 */
export function openClaims(
  redis: Redis,
  options: { prefix: string; cluster: string; underWay?: string; clock?: Clock },
): Claims {
  const { prefix, cluster, underWay, clock = systemClock } = options;
  const alive = underWay === undefined ? [] : [underWay];
  const key = (name: string) => `${prefix}:claims:${cluster}:${name}`;
  const kinds = ['vmids', 'resting', 'names', 'highest', 'rooms', 'addresses'];
  const [vmids, resting, names, highest, rooms, addresses] = kinds.map(key) as Keys;
  const end = (run: string, settled: '1' | '') =>
    call(redis, 'release', [vmids, names, highest, rooms, addresses], [run, settled]);
  const rest = (vmid: number, lengthMs: number, run: string) =>
    call(redis, 'rest', [vmids, resting], [vmid, Math.round(lengthMs), run]);

  // Those of this process wait for each other here: of all processes, each asks Redis for one at a time.
  const inLine = makeLine();

  return {
    async vmid(run, { from, to }, taken, { wish, dry } = {}) {
      const relevant = [...taken].filter((vmid) => (vmid >= from && vmid <= to) || vmid === wish);
      const args = [run, from, to, wish ?? '', kept(dry), ...relevant];
      const [how, what = ''] = await call(redis, 'vmid', [vmids, resting, ...alive], args);
      if (how === 'over') throw runOver(run);
      if (how !== 'ok') throw noVmid(how, what, { from, to, wish });
      return Number(what);
    },

    async name(run, wish, taken, { dry } = {}) {
      const name = wish.toLowerCase();
      if (lowered(taken).has(name)) throw nameTaken(name);
      const [how, owner] = await call(redis, 'name', [names, ...alive], [run, name, kept(dry)]);
      if (how === 'over') throw runOver(run);
      if (how !== 'ok') throw nameClaimed(name, owner);
      return name;
    },

    async numberedName(run, wanted, taken, { dry } = {}) {
      const prefix = wanted.toLowerCase();
      const numbers = [...lowered(taken)].flatMap((name) => numberOf(name, prefix) ?? []);
      const args = [run, prefix, kept(dry), ...numbers];
      const [how, name = ''] = await call(redis, 'numberedName', [names, highest, ...alive], args);
      if (how === 'over') throw runOver(run);
      return name;
    },

    async address(run, address, { dry } = {}) {
      // One per run, as with names: the same script does for both.
      const [how, owner = ''] = await call(redis, 'name', [addresses, ...alive], [run, address, kept(dry)]);
      if (how === 'over') throw runOver(run);
      if (how === 'ok') return undefined;
      const { vmid, name } = await this.held(owner);
      return { run: owner, ...some('vmid', vmid), ...some('name', name) };
    },

    async room(run, { node, memoryMiB, storage, diskGiB }, { dry } = {}) {
      if (dry) return;
      const room = JSON.stringify({ node, memoryMiB, storage, diskGiB });
      const [how] = await call(redis, 'room', [rooms, ...alive], [run, room]);
      if (how === 'over') throw runOver(run);
    },

    async inFlight() {
      const [claimedRooms, owners] = await asking(() => Promise.all([redis.hgetall(rooms), redis.hgetall(vmids)]));
      const vmidOf = new Map(Object.entries(owners).map(([vmid, run]) => [run, Number(vmid)]));
      return Object.entries(claimedRooms).map(([run, room]) => ({
        ...readRoom(room),
        run,
        ...some('vmid', vmidOf.get(run)),
      }));
    },

    async held(run) {
      const [owners, nameOwners, room] = await asking(() =>
        Promise.all([redis.hgetall(vmids), redis.hgetall(names), redis.hget(rooms, run)]),
      );
      const mine = (claimed: Record<string, string>) => Object.keys(claimed).find((one) => claimed[one] === run);
      const vmid = mine(owners);
      return {
        ...some('vmid', vmid === undefined ? undefined : Number(vmid)),
        ...some('name', mine(nameOwners)),
        ...some('room', room === null ? undefined : readRoom(room)),
      };
    },

    async owners() {
      const owners = await asking(() =>
        Promise.all([redis.hvals(vmids), redis.hvals(names), redis.hvals(addresses), redis.hkeys(rooms)]),
      );
      return new Set(owners.flat().map((run) => run.split(':', 1)[0] ?? run));
    },

    async placing(signal) {
      await using held = new AsyncDisposableStack();
      held.use(await inLine(signal));
      for (;;) {
        const turn = await takeToken(redis, key('turn'), turnMs);
        if (turn) held.use(turn);
        if (turn) return held.move();
        // Not in step with the other processes that wait.
        await clock.sleep(2 + Math.random() * 10, signal);
      }
    },

    async refuse(run, vmid) {
      await rest(vmid, dayMs, run);
    },
    async retire(vmid, lengthMs) {
      await rest(vmid, lengthMs, '');
    },
    async release(run) {
      await end(run, '');
    },
    async settle(run) {
      await end(run, '1');
    },

    async probe(node, signal) {
      signal.throwIfAborted();
      return takeToken(redis, key(`probe:${node}`), probeMs);
    },
  };
}

type Keys = [string, string, string, string, string, string];

const kept = (dry: boolean | undefined) => (dry ? '' : '1');

function lowered(names: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...names].map((name) => name.toLowerCase()));
}

/** 3 for `k8s-worker-3` and `k8s-worker`. */
function numberOf(name: string, prefix: string): number | undefined {
  const digits = name.startsWith(`${prefix}-`) ? name.slice(prefix.length + 1) : '';
  return /^\d{1,9}$/.test(digits) ? Number(digits) : undefined;
}

function readRoom(json: string): RoomWanted {
  return JSON.parse(json) as RoomWanted;
}

/** The property, or none at all when it has no value. */
function some<K extends string, V>(name: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in K]: V });
}

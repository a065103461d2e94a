import type { Config } from '#bot/config.ts';
import { startBotWorker } from '#bot/worker.ts';
import type { Times } from '#jobs/engine/engine.ts';
import { type Cable, openCable } from '../cable.ts';
import { type OnSite, watched } from '../sites.ts';

/**
 * A real worker in this process that hangs on strings: everything it says to others goes through cables of ours, and at each site it can be held. Cut off
 * and held it is, for everybody else, a process that was killed; with its cables paused and held one that was stopped.
 */
export interface Puppet {
  readonly redis: Cable;
  readonly proxmox: Cable;
  readonly ssh: Cable;
  /** As by `kill -9`. Answers what the site has to wait for. */
  die(): Promise<void>;
  /** As by SIGSTOP, until {@link thaw}. Answers what the site has to wait for. */
  freeze(): Promise<void>;
  thaw(): void;
  /** As by SIGTERM; resolves when it has handed over everything. */
  drain(): Promise<void>;
  /** Takes it off the stage: what is held is let go with an error, nothing it does reaches anybody. */
  leave(): Promise<void>;
}

/** All in ms. A lease is short, so that another worker takes over soon. */
const quick: Partial<Times> = {
  lease: 700,
  renew: 150,
  sweep: 40,
  firstPause: 15,
  longestPause: 2_000,
  inProcess: 2_500,
  planning: 4_000,
  turn: 300,
  grace: 100,
};

/** Starts a worker with this configuration, as `bot/main.ts worker` does. */
export async function startPuppet(config: Config, onSite: OnSite, times: Partial<Times> = {}): Promise<Puppet> {
  const [cluster] = config.clusters;
  const { jump } = config.ssh;
  const [host] = cluster?.hosts ?? [];
  if (!cluster || !host || !jump) throw new Error('A configuration without a cluster or a way in.');
  const [redis, proxmox, ssh] = await Promise.all([
    openCable(config.redis.url),
    openCable(host),
    openCable(`ssh://${jump.host}:${jump.port}`),
  ]);
  const cables = [redis, proxmox, ssh];
  const onStrings: Config = {
    ...config,
    redis: { ...config.redis, url: redis.url },
    clusters: [{ ...cluster, hosts: [proxmox.url] }],
    ssh: { ...config.ssh, jump: { ...jump, port: ssh.port } },
  };
  let held = Promise.withResolvers<void>();
  let gone = false;
  const worker = await watched(
    (site) => {
      if (gone) return Promise.reject(new Error('This worker is gone.'));
      return redis.isCut ? held.promise : onSite(site);
    },
    () => startBotWorker(onStrings, { ...quick, ...times }),
  );
  held.promise.catch(() => undefined);
  let ended: Promise<void> | undefined;
  const end = async () => {
    ended ??= Promise.resolve(worker[Symbol.asyncDispose]());
    await ended;
  };
  return {
    redis,
    proxmox,
    ssh,
    die() {
      for (const cable of cables) cable.cut();
      return held.promise;
    },
    freeze() {
      for (const cable of cables) cable.pause();
      return held.promise;
    },
    thaw() {
      for (const cable of cables) cable.resume();
      held.resolve();
      held = Promise.withResolvers();
      held.promise.catch(() => undefined);
    },
    drain: end,
    async leave() {
      gone = true;
      for (const cable of cables) cable.cut();
      held.reject(new Error('This worker is gone.'));
      await end();
      await Promise.all(cables.map((cable) => cable.close()));
    },
  };
}

import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { Site } from '#base/site.ts';

/** Called at each site; what it answers is waited for there, and its error is thrown there. */
export type OnSite = (site: string) => void | Promise<void>;

// Several workers may live in this process: each site belongs to the one that was begun under this watch.
const watch = new AsyncLocalStorage<OnSite>();

subscribe('botswain:site', (message) => {
  const site = message as Site;
  const held = watch.getStore()?.(site.name);
  if (held) site.hold = held;
});

/** Begins something, and hears of each site that it reaches from then on. */
export function watched<T>(onSite: OnSite, begin: () => T): T {
  return watch.run(onSite, begin);
}

import { type Act, type Outcome, play } from './play.ts';
import type { Platform, Trouble } from './trouble.ts';

/** What one case came to, at every moment at which it was played. */
export interface Played {
  readonly moments: readonly { readonly site: string; readonly outcome: Outcome }[];
}

/** What is not only a wait for something else: the gateway's own sites, and of the platforms' those of this one. */
const own = { slack: /^\w+ (runs (submit|vote)$|slack )/, discord: /^\w+ (runs (submit|vote)$|discord )/ } as const;

/** Plays a case: once, or once for each site at which this trouble strikes. A case that does not end in time is a broken promise, and the rest goes on. */
export async function playCase(platform: Platform, act: Act, trouble: Trouble): Promise<Played> {
  const { at } = trouble;
  if (!at) return { moments: [{ site: '', outcome: await limited(platform, act, trouble, '') }] };
  const { what, withinMs } = trouble;
  const first = await limited(platform, act, { what, withinMs, begin: async () => undefined }, '');
  if (first.wrong.length > 0) return { moments: [{ site: 'without trouble', outcome: first }] };
  const { sites } = first;
  const moments: Played['moments'][number][] = [];
  for (const site of new Set(sites.filter((one) => own[platform].test(one) && at.test(one))))
    moments.push({ site, outcome: await limited(platform, act, trouble, site) });
  return { moments };
}

/** What a setting takes to start and to end, ms. */
const aroundMs = 90_000;

async function limited(platform: Platform, act: Act, trouble: Trouble, site: string): Promise<Outcome> {
  const limitMs = trouble.withinMs + aroundMs;
  const { promise: late, resolve } = Promise.withResolvers<Outcome>();
  const broken = (words: string) => ({ acknowledged: false, wrong: [words], tookMs: limitMs, sites: [] });
  const timer = setTimeout(() => resolve(broken(`it hangs: not over after ${limitMs / 1000} s`)), limitMs);
  const played = play(platform, act, trouble, site).catch((error: unknown) => broken(String(error)));
  return Promise.race([played, late]).finally(() => clearTimeout(timer));
}

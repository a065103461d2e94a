import { channel } from 'node:diagnostics_channel';

/** What the channel `botswain:site` carries: the program is about to reach out of its process, or has just done so. */
export interface Site {
  /** `before clone template/intent`, `after proxmox POST /nodes/{}/qemu/{}/clone`. */
  readonly name: string;
  /** A subscriber that sets it holds the program up here until it is settled; when it rejects, so does the call. */
  hold: Promise<void> | undefined;
}

const sites = channel('botswain:site');

/**
 * Around every call of another system and every write of what happened: tells the subscribers of the diagnostics channel `botswain:site` before and
 * after. For tracing, and for those who want to see what becomes of a process that ends right there. Costs nothing when nobody has subscribed.
 */
export async function atSite<T>(name: string, act: () => Promise<T>): Promise<T> {
  if (!sites.hasSubscribers) return act();
  await announce(`before ${name}`);
  const answer = await act();
  await announce(`after ${name}`);
  return answer;
}

async function announce(name: string): Promise<void> {
  const site: Site = { name, hold: undefined };
  sites.publish(site);
  await site.hold;
}

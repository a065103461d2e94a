import { Redis } from 'ioredis';
import { openClaims } from '../claims.ts';

export const range = { from: 5000, to: 5099 };
export const none: ReadonlySet<number> = new Set();
export const noNames: ReadonlySet<string> = new Set();

/** Claims of one cluster by two connections, as two workers have them. */
export function openTwice({ url, prefix }: { url: string; prefix: string }) {
  const [one, other] = [new Redis(url), new Redis(url)];
  const claims = openClaims(one, { prefix, cluster: 'lab' });
  const others = openClaims(other, { prefix, cluster: 'lab' });
  let clusters = 0;
  return {
    claims,
    either: (at: number) => (at % 2 === 0 ? claims : others),
    /** Of another cluster, given only to runs that stand in `underWay`. */
    ofRunsUnderWay: () => {
      const underWay = `${prefix}:open`;
      return { claims: openClaims(one, { prefix, cluster: `lab-${++clusters}`, underWay }), redis: one, underWay };
    },
    anotherCluster: () => openClaims(one, { prefix, cluster: `lab-${++clusters}` }),
    keys: () => one.keys(`${prefix}*`),
    expire: (name: string) => one.del(`${prefix}:claims:lab:${name}`),
    /** Peeks until this number would be given. */
    async until(vmid: number): Promise<number> {
      for (;;) if ((await claims.vmid('a', range, none, { dry: true })) === vmid) return vmid;
    },
    async [Symbol.asyncDispose]() {
      one.disconnect();
      other.disconnect();
    },
  };
}

export function times<T>(count: number, make: (at: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => make(at));
}

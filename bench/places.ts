import { setTimeout as sleep } from 'node:timers/promises';
import { makeKeys } from '#jobs/engine/keys.ts';
import { openCrowd, shareOf } from '../test/faults/crowd.ts';
import type { Row } from './report.ts';

interface Rush {
  readonly what: string;
  readonly many: number;
  /** The usual limit of such clones at once. */
  readonly slots: number;
  readonly words: string;
  readonly times: { readonly linkMs: number } | { readonly copyMs: number };
}

/** How long clones take on a real Proxmox: a linked one a second or two, a full one tens of seconds. */
const rushes: readonly Rush[] = [
  { what: '200 linked clones of 1.5 s, 2 at once', many: 200, slots: 2, words: '', times: { linkMs: 1_500 } },
  { what: '6 full clones of 10 s, 1 at once', many: 6, slots: 1, words: ' --clone full', times: { copyMs: 10_000 } },
];

/** For which share of what the limits allow Proxmox was really cloning, for many creates that are typed in the same moment. */
export async function measurePlaces(say: (line: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { what, many, slots, words, times } of rushes) {
    await using crowd = await openCrowd(times);
    const { ana, redis, prefix, meter } = crowd;
    const lines = Array.from({ length: many }, (_, at) => `/vm create vm-${at + 1} --cpus 1 --memory 256M${words}`);
    await Promise.all(lines.map((line) => ana.type(line)));
    while ((await redis.zcard(makeKeys(prefix).open)) > 0) await sleep(100);
    say(`${what}: done`);
    rows.push({ what: `${what}: share of the time`, value: 100 * shareOf(meter, slots), unit: '%', atLeast: 95 });
  }
  return rows;
}

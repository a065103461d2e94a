import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Measured, Row, Wish } from './report.ts';
import { startSetting } from './setting.ts';

const many = 50;
/** What is only garbage of the start goes in the first seconds. */
const settleMs = 3_000;

/** Memory of gateway and worker after the start, and after creates one after another and at once. */
export async function measureMemory(_wish: Wish): Promise<Measured> {
  await using setting = await startSetting();
  const { ana, gateway, worker } = setting;
  const rows: Row[] = [];
  const measure = async (when: string) => {
    await sleep(settleMs);
    for (const [part, { pid }] of Object.entries({ gateway, worker })) {
      const { rss, pss } = memoryOf(pid);
      rows.push({ what: `${part} ${when}: RSS`, value: rss, unit: 'MB', atMost: 150 });
      rows.push({ what: `${part} ${when}: PSS`, value: pss, unit: 'MB' });
    }
  };

  await measure('after start');
  await ana.type('/vm create vm-0 --cpus 1 --memory 256M --build-template');
  await ana.until(/vm-0 is ready/);
  const names = Array.from({ length: many - 1 }, (_, i) => `vm-${i + 1}`);
  await Promise.all(names.map((name) => ana.type(`/vm create ${name} --cpus 1 --memory 256M`)));
  for (const name of names) await ana.until(new RegExp(`\\b${name} is ready`), 120_000);
  await measure(`after ${many} creates`);
  return { title: 'Memory', rows };
}

/** Resident and proportional set size in MB, as the kernel counts them: shared pages whole, and divided by those who share them. */
function memoryOf(pid: number): { rss: number; pss: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const field = (name: string) => (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1024) / 1e6;
  return { rss: field('Rss'), pss: field('Pss') };
}

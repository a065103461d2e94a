import { untilTold } from './cards.ts';
import { measurePlaces } from './places.ts';
import { listLabVms } from './proxmox.ts';
import type { Measured, Wish } from './report.ts';
import { startSetting } from './setting.ts';

const many = 100;

/** Many creates typed in the same moment: on simulated machines that are ready at once, what the bot itself can carry; with realistic clones, how well it uses the limits. */
export async function measureThroughput({ say }: Wish): Promise<Measured> {
  const measured = await measureCreates(say);
  return { ...measured, rows: [...measured.rows, ...(await measurePlaces(say))] };
}

async function measureCreates(say: Wish['say']): Promise<Measured> {
  await using setting = await startSetting();
  const { lab, ana } = setting;
  await ana.type('/vm create warm-up --cpus 1 --memory 256M --build-template');
  await ana.until(/warm-up is ready/);
  const began = performance.now();
  const names = Array.from({ length: many }, (_, i) => `vm-${i + 1}`);
  await Promise.all(names.map((name) => ana.type(`/vm create ${name} --cpus 1 --memory 256M`)));
  const takenS = (performance.now() - began) / 1000;
  say(`taken after ${takenS.toFixed(2)} s`);
  const { ready, errors } = await untilTold(ana, (now) => now.ready + now.errors.length > many, 180_000);
  const tookS = (performance.now() - began) / 1000;

  const vms = (await listLabVms(lab)).filter((vm) => vm.name.startsWith('vm-'));
  const unique = (of: 'vmid' | 'name') => new Set(vms.map((vm) => vm[of])).size;
  return {
    title: `${many} creates at once (simulated machines, ready at once; one worker)`,
    rows: [
      { what: 'all taken', value: takenS, unit: 's' },
      { what: 'all ready', value: tookS, unit: 's' },
      { what: 'creates', value: many / tookS, unit: '/s' },
      { what: 'not ready', value: many + 1 - ready, unit: '', atMost: 0, note: errors[0]?.split('\n')[0] ?? '' },
      { what: 'VMIDs given twice', value: many - unique('vmid'), unit: '', atMost: 0 },
      { what: 'names given twice', value: many - unique('name'), unit: '', atMost: 0 },
    ],
  };
}

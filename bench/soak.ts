import { everyFault } from '../test/faults/matrix.ts';
import { soak } from '../test/faults/soak.ts';
import type { Measured, Wish } from './report.ts';

/** Many runs at once with random faults, for as long as was asked for: nothing may be lost, doubled or orphaned. */
export async function measureSoak({ minutes, seed, say }: Wish): Promise<Measured> {
  const { runs, ends, struck, violations } = await soak(minutes, seed, say);
  for (const line of violations) say(`✗ ${line}`);
  const states = [...ends].map(([state, times]) => `${times} ${state}`).join(', ');
  const faults = everyFault.flatMap(({ name }) => (struck.has(name) ? [{ name, times: struck.get(name) ?? 0 }] : []));
  return {
    title: `${minutes} minutes of creates and destroys with random faults (seed ${seed})`,
    rows: [
      { what: 'runs', value: runs, unit: '', note: states },
      { what: 'faults', value: faults.reduce((sum, { times }) => sum + times, 0), unit: '' },
      ...faults.map(({ name, times }) => ({ what: `  ${name}`, value: times, unit: '' as const })),
      { what: 'violations of I1 to I10', value: violations.length, unit: '', atMost: 0, note: violations[0] ?? '' },
    ],
  };
}

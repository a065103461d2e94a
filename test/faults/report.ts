import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Row, rows } from './matrix.ts';

/** How the cases of one row went. */
export interface Tally {
  cases: number;
  /** Cases whose site was not reached, so that nothing struck. */
  missed: number;
  violations: number;
}

export type Tallies = Map<string, Tally>;

export interface Told {
  readonly seeds: readonly number[];
  readonly tallies: Tallies;
  /** How many cases were asked for. */
  readonly wanted: number;
  /** How often a process that played cases was ended by an error that nobody caught. */
  readonly crashes: number;
  readonly tookS: number;
  readonly node: string;
  readonly date: string;
}

const file = resolve(import.meta.dirname, '..', '..', 'docs', 'reliability.md');
const [begin, end] = ['<!-- written by `botswain test --faults` -->', '<!-- end -->'];

export function add(tallies: Tallies, row: string, { struck, bad }: { struck: boolean; bad: boolean }): void {
  const tally = tallies.get(row) ?? { cases: 0, missed: 0, violations: 0 };
  tally.cases += 1;
  if (!struck) tally.missed += 1;
  if (bad) tally.violations += 1;
  tallies.set(row, tally);
}

/** The table of the matrix, in Markdown. */
export function tableOf({ seeds, tallies, wanted, crashes, tookS, node, date }: Told): string {
  const lines = rows.map((row) => lineOf(row, tallies.get(row.id)));
  const sum = (of: keyof Tally) => [...tallies.values()].reduce((total, tally) => total + tally[of], 0);
  const total = `| | **all** | | **${sum('cases')}** | **${sum('missed')}** | **${sum('violations')}** |`;
  const cutOff = sum('cases') < wanted ? ` It was cut off after ${sum('cases')} of ${wanted} cases.` : '';
  const fallen = crashes > 0 ? ` ${crashes} times the program was ended by an error that nobody caught.` : '';
  const when = `${date}, Node ${node}, seed ${seeds.join(', ')}, ${Math.round(tookS / 60)} minutes.${cutOff}${fallen}`;
  return [
    when,
    '',
    '| row | trouble | promise | cases | site not reached | violations |',
    '| --- | ------- | ------- | ----: | ---------------: | ---------: |',
    ...lines,
    total,
  ].join('\n');
}

/** Puts the table into `docs/reliability.md`, in place of the last one. */
export function writeReport(told: Told, target = file): void {
  const text = readFileSync(target, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${join('docs', 'reliability.md')} has no place for the table.`);
  writeFileSync(target, `${text.slice(0, from + begin.length)}\n\n${tableOf(told)}\n\n${text.slice(to)}`);
}

function lineOf({ id, trouble, promise }: Row, tally: Tally = { cases: 0, missed: 0, violations: 0 }): string {
  return `| ${id} | ${trouble} | ${promise} | ${tally.cases} | ${tally.missed} | ${tally.violations} |`;
}

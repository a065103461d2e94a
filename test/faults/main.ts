import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { type Case, nameOf } from './case.ts';
import { everyCase, readCase } from './enumerate.ts';
import { inWords, playAll } from './lanes.ts';
import { rowOf } from './matrix.ts';
import { add, type Tallies, type Told, tableOf, writeReport } from './report.ts';

const { values: flags } = parseArgs({
  options: {
    /** How many cases; all of them, again and again with the next seed, until there are so many. */
    cases: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    /** Begins no more cases after so long. */
    minutes: { type: 'string', default: '600' },
    /** One case by its name, as a violation prints it. */
    case: { type: 'string', multiple: true },
    /** Only cases that have these words in their name: a scenario, a fault or a site. */
    only: { type: 'string', default: '' },
    /** How many at the same time in a process. */
    lanes: { type: 'string', default: '6' },
    /** How many processes at the same time; each takes a core. */
    processes: { type: 'string', default: '1' },
    /** Puts the table into docs/reliability.md, again after every few hundred cases: a run that is cut off has told what it saw. */
    write: { type: 'boolean', default: false },
  },
});

/** A process grows with each worker that dies in it; so it plays so many cases and makes room for the next one. */
const casesPerProcess = 200;

if (process.send) await beChild();
else process.exitCode = await beParent();

/** Plays the cases whose names come on stdin; says how each went on stdout. */
async function beChild(): Promise<void> {
  const names: string[] = [];
  for await (const line of createInterface(process.stdin)) names.push(line);
  await playAll(names.map(readCase), Number(flags.lanes), (one, outcome) => {
    const { struck, violations } = outcome;
    const said: Said = {
      name: nameOf(one),
      row: rowOf(one).id,
      struck,
      bad: violations.length > 0,
      words: inWords(one, outcome),
    };
    process.stdout.write(`${JSON.stringify(said)}\n`);
  });
  process.exit(0);
}

async function beParent(): Promise<number> {
  const since = performance.now();
  const tallies: Tallies = new Map();
  const seeds: number[] = [];
  let violations = 0;
  let played = 0;
  let crashes = 0;
  const wanted = flags.case ? flags.case.length : Number(flags.cases);
  const cut = untilTold();
  const isOver = () => cut.aborted || performance.now() - since > Number(flags.minutes) * 60_000;
  const told = (): Told => {
    const tookS = (performance.now() - since) / 1000;
    return {
      seeds,
      tallies,
      wanted,
      crashes,
      tookS,
      node: process.version.slice(1),
      date: new Date().toISOString().slice(0, 10),
    };
  };
  for (let seed = Number(flags.seed); played < wanted && !isOver(); seed++) {
    const cases = flags.case?.map(readCase) ?? (await casesOf(seed)).slice(0, wanted - played);
    if (cases.length === 0) throw new Error(`No case has "${flags.only}" in its name.`);
    seeds.push(seed);
    await Promise.all(Array.from({ length: Number(flags.processes) }, () => playFrom(cases)));
  }
  process.stdout.write(`${tableOf(told())}\n\n${played} cases, ${violations} violations, ${crashes} crashes\n`);
  if (violations > 0) process.stdout.write('Again: ./botswain test --faults --case "the line after ✗"\n');
  return violations + crashes > 0 ? 1 : 0;

  /** Takes cases away and plays them, a process after another. */
  async function playFrom(cases: Case[]): Promise<void> {
    while (cases.length > 0 && !isOver()) {
      const names = cases.splice(0, casesPerProcess).map(nameOf);
      const rest = await inProcess(names, cut, (said) => {
        played += 1;
        add(tallies, said.row, said);
        if (said.bad) violations += 1;
        if (said.bad) process.stdout.write(`${said.words}\n`);
      });
      cases.push(...rest.map(readCase));
      if (rest.length > 0 && !cut.aborted) crashes += 1;
      process.stderr.write(`  ${played} of ${wanted} cases, ${violations} violations\n`);
      if (flags.write) writeReport(told());
    }
  }
}

async function casesOf(seed: number): Promise<Case[]> {
  return (await everyCase(seed)).filter((one) => nameOf(one).includes(flags.only));
}

/** Aborted by Ctrl-C or SIGTERM: what was played until then is told, and a second one ends at once. */
function untilTold(): AbortSignal {
  const cut = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => cut.abort());
  return cut.signal;
}

interface Said {
  readonly name: string;
  readonly row: string;
  readonly struck: boolean;
  readonly bad: boolean;
  readonly words: string;
}

/** Plays the cases in a process of its own; answers those that it did not come to, because it was cut off or ended by an error. */
async function inProcess(names: readonly string[], cut: AbortSignal, tell: (said: Said) => void): Promise<string[]> {
  const child = spawn(process.execPath, [import.meta.filename, '--lanes', flags.lanes], {
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
  });
  const end = () => void child.kill();
  cut.addEventListener('abort', end, { once: true });
  child.stdin?.end(names.join('\n'));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const left = new Set(names);
  if (child.stdout) {
    for await (const line of createInterface(child.stdout)) {
      const said = JSON.parse(line) as Said;
      left.delete(said.name);
      tell(said);
    }
  }
  const code = await ended;
  cut.removeEventListener('abort', end);
  const heard = names.length - left.size;
  if (!cut.aborted && left.size > 0) {
    process.stdout.write(`✗ a process that plays cases ended with ${code} after ${heard} of ${names.length}\n`);
    if (heard === 0) throw new Error('Not even one case could be played.');
  }
  return [...left];
}

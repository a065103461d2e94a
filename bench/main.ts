import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measureAck } from './ack.ts';
import { measureCalls } from './calls.ts';
import { measureChat } from './chat.ts';
import { measureCreate } from './create.ts';
import { measureMemory } from './memory.ts';
import { watchOthers } from './others.ts';
import { isMissed, type Measured, type Measurement, type Row, table } from './report.ts';
import { measureSoak } from './soak.ts';
import { measureStart } from './start.ts';
import { measureThroughput } from './throughput.ts';

const measurements: Readonly<Record<string, Measurement>> = {
  start: measureStart,
  create: measureCreate,
  calls: measureCalls,
  ack: measureAck,
  chat: measureChat,
  memory: measureMemory,
  throughput: measureThroughput,
  soak: measureSoak,
};

/** Only when it is asked for by its name. */
const onlyByName = new Set(['soak']);

const { positionals, values: flags } = parseArgs({
  allowPositionals: true,
  options: {
    /** Measure `create` on real QEMU machines instead of simulated ones. */
    qemu: { type: 'boolean', default: false },
    /** How many pairs `create` measures. */
    pairs: { type: 'string' },
    /** How long `soak` goes on, and the seed of its faults. */
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    /** Write the results there, as JSON. */
    json: { type: 'string' },
  },
});

const unknown = positionals.filter((name) => !measurements[name]);
if (unknown.length > 0) {
  process.stderr.write(`There is no "${unknown.join(' ')}"; there are: ${Object.keys(measurements).join(', ')}\n`);
  process.exit(2);
}

const results: Measured[] = [];
const usual = Object.keys(measurements).filter((name) => !onlyByName.has(name));
const wanted = positionals.length > 0 ? positionals : usual;
for (const name of wanted) {
  const others = watchOthers();
  const measured = await measurements[name]?.({
    qemu: flags.qemu,
    pairs: Number(flags.pairs ?? (flags.qemu ? 3 : 5)),
    minutes: Number(flags.minutes),
    seed: Number(flags.seed),
    say: (line) => process.stderr.write(`  ${name}: ${line}\n`),
  });
  if (!measured) continue;
  const note = 'above 10 % the times say little';
  const rows: Row[] = [...measured.rows, { what: 'CPU that other programs took', value: others(), unit: '%', note }];
  results.push({ ...measured, rows });
  process.stdout.write(`${table({ ...measured, rows })}\n`);
}
if (flags.json !== undefined) {
  const machine = { cores: cpus().length, cpu: cpus()[0]?.model, node: process.version };
  writeFileSync(flags.json, `${JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 2)}\n`);
}
const missed = results.flatMap(({ rows }) => rows).filter(isMissed);
process.stdout.write(missed.length > 0 ? `${missed.length} aims missed.\n` : 'All aims reached.\n');

import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { playCase } from './each-moment.ts';
import type { Outcome } from './play.ts';
import { type Trouble, troubles } from './trouble.ts';

const { values: flags } = parseArgs({
  options: {
    /** Only troubles whose name has this in it. */
    only: { type: 'string', default: '' },
    /** Puts the table into docs/chat-proof.md. */
    write: { type: 'boolean', default: false },
  },
});

const proof = new URL('../../docs/chat-proof.md', import.meta.url);
/** On Discord a file goes with its message, in one call; on Slack it takes three. */
const cases = [
  ...(['create', 'read', 'file', 'vote'] as const).map((act) => ({ platform: 'slack' as const, act })),
  ...(['create', 'read', 'vote'] as const).map((act) => ({ platform: 'discord' as const, act })),
];
const wanted = troubles.filter(({ what }) => what.includes(flags.only));
const rows = new Map<Trouble, string>();
let bad = 0;
const waiting = wanted.values();
// The long ones mostly wait, so two go on side by side.
await Promise.all([playAll(), playAll()]);
const heads = cases.map(({ platform, act }) => `${platform}: ${act}`);
const table = [
  `| trouble | ${heads.join(' | ')} |`,
  `|${' --- |'.repeat(heads.length + 1)}`,
  ...wanted.map((trouble) => rows.get(trouble) ?? ''),
].join('\n');
if (flags.write) writeFileSync(proof, page(table));
process.exit(bad > 0 ? 1 : 0);

async function playAll(): Promise<void> {
  for (const trouble of waiting) rows.set(trouble, await playRow(trouble));
}

/** One trouble on each platform, for each act. */
async function playRow(trouble: Trouble): Promise<string> {
  const played = await Promise.all(
    cases.map(async ({ platform, act }) => {
      const { moments } = await playCase(platform, act, trouble);
      for (const { site, outcome } of moments)
        for (const words of outcome.wrong)
          process.stderr.write(`${trouble.what} / ${platform} / ${act} / ${site}: ${words}\n`);
      return moments.map(({ outcome }) => outcome);
    }),
  );
  bad += played.flat().filter(({ wrong }) => wrong.length > 0).length;
  const row = `| ${[trouble.what, ...played.map(cell)].join(' | ')} |`;
  process.stdout.write(`${row}\n`);
  return row;
}

function cell(outcomes: readonly Outcome[]): string {
  if (outcomes.some(({ wrong }) => wrong.length > 0)) return '**broken**';
  const refused = outcomes.filter(({ acknowledged }) => !acknowledged).length;
  const slowest = `${(Math.max(0, ...outcomes.map(({ tookMs }) => tookMs)) / 1000).toFixed(1)} s`;
  if (outcomes.length === 1) return `${refused === 0 ? 'shown' : 'refused, safe'} ${slowest}`;
  const safe = refused === 0 ? '' : `, refused and safe ${refused}`;
  return `of ${outcomes.length}: shown ${outcomes.length - refused}${safe}; ≤ ${slowest}`;
}

/** The page with the table in its place; what people wrote around it stays. */
function page(rowsOfTable: string): string {
  const [begin, end] = ['<!-- written by `botswain test --chat-faults` -->', '<!-- end -->'];
  const text = readFileSync(proof, 'utf8');
  const [head, tail] = [text.indexOf(begin), text.indexOf(end)];
  if (head < 0 || tail < head) throw new Error(`docs/chat-proof.md has no place for the table: ${begin} and ${end}`);
  return `${text.slice(0, head)}${begin}\n\n${rowsOfTable}\n\n${text.slice(tail)}`;
}

import { writeFileSync } from 'node:fs';
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
if (flags.write) writeFileSync(new URL('../../docs/chat-proof.md', import.meta.url), page(table));
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

function page(rowsOfTable: string): string {
  return `# Slack and Discord in trouble

Written by \`./botswain test --chat-faults --write\`. The whole program stands between an emulated Slack, an emulated Discord and the simulated lab; on one platform somebody
creates a VM, lists VMs, or approves a destroy while there is trouble. Then it is looked at in Redis, in the lab and in the channel: what was acknowledged is kept, nothing is done twice
(one run, one machine, one decision, one removal), the end is shown, once, and no request was one that the vendor would have refused.

"shown" is the time from the act until its end was on the screen. "refused, safe": the platform told the person that it did not work, and whatever had been kept all the same was done once
and shown. "broken": a promise did not hold.

${rowsOfTable}

Offline for ten minutes: the emulator refuses all connections for 3 s of real time, in which its own clock goes ten minutes on. 429 for a minute takes a real minute.
`;
}

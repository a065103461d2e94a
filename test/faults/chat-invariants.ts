import { setTimeout as sleep } from 'node:timers/promises';
import type { WebMessage } from '#chat/web/store.ts';
import type { RunRecord } from '#jobs/engine/record.ts';
import { textOf } from '../console.ts';
import type { Played } from './invariants.ts';
import type { Stage } from './stage.ts';

/** How each end reads on a card. */
const words: Readonly<Record<string, RegExp>> = {
  done: /is ready|is gone|is done|has \d+ CPUs?, .* now/,
  failed: /failed/,
  cancelled: /was cancelled/,
  rejected: /was rejected/,
  expired: /was not approved in time/,
  kept: /stopped half-way/,
  stuck: /needs a person/,
};

/** I7: one card for each run that says how it ended, a thread that lacks no line and has none twice, and no secret anywhere. */
export async function checkChat(stage: Stage, { runs }: Played): Promise<string[]> {
  const wrong: string[] = [];
  for (const run of runs) {
    // A refusal is only for the one who typed.
    if (run.state !== 'refused') wrong.push(...(await checkRun(stage, run)));
  }
  return wrong;
}

/** The gateway follows: what it has not told after a while is wrong. */
async function checkRun(stage: Stage, run: RunRecord): Promise<string[]> {
  // A slot that a gateway had which died rests until its lease of 5 s is over.
  const limit = performance.now() + (stage.server ? 15_000 : 8_000);
  for (;;) {
    const wrong = await lookAt(stage, run);
    if (wrong === undefined) return [];
    if (performance.now() > limit) return [`I7: ${wrong}`];
    await sleep(15);
  }
}

async function lookAt(stage: Stage, run: RunRecord): Promise<string | undefined> {
  const { messages, runs } = stage;
  const all = await messages.recent('ops', 200, 'ana');
  const cards = all.filter((message) => wordsOf(message).includes(`Run ${run.id} `));
  const [card] = cards;
  const text = cards.map(wordsOf).join('\n');
  if (!card || cards.length > 1 || !words[run.state]?.test(text))
    return `${run.id} (${run.state}) has ${cards.length} cards: ${text.replaceAll('\n', ' | ')}`;

  const thread = await messages.thread(card.id);
  const shown = thread.flatMap((message) => wordsOf(message).split('\n'));
  const said = (await runs.log(run.id)).flatMap(({ text: line }) => line.split('\n'));
  if (JSON.stringify(shown) !== JSON.stringify(said)) {
    const missing = said.filter((line) => !shown.includes(line));
    return `the thread of ${run.id} has ${shown.length} lines instead of ${said.length}; missing: ${missing.join(' | ')}`;
  }
  const secret = secretsOf(stage).find((one) => [card, ...thread].some((message) => wordsOf(message).includes(one)));
  return secret === undefined ? undefined : `the thread of ${run.id} tells a secret.`;
}

function wordsOf({ content }: WebMessage): string {
  return content.kind === 'card' ? textOf(content.card) : content.text;
}

function secretsOf({ config }: Stage): string[] {
  return [...config.clusters.map(({ token }) => token.secret), config.ssh.privateKey.split('\n')[1] ?? ''].filter(
    Boolean,
  );
}

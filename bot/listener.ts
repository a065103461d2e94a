import type { Card } from '#base/card.ts';
import { RemoteError, UserError } from '#base/errors.ts';
import type { ChatListener, Invocation, Person, Place, Press } from '#chat/platform.ts';
import type { Outcome } from '#commands/command.ts';
import { clusterOf } from '#commands/desk.ts';
import { findCommand } from '#commands/find.ts';
import { judge } from '#commands/policy.ts';
import { readArgs } from '#commands/read.ts';
import type { ApprovalRule } from '#jobs/engine/run.ts';
import { completeLine } from './complete.ts';
import { errorCard } from './error-card.ts';
import { type Office, platformOf } from './office.ts';
import { planCard } from './plan-card.ts';
import { pressButton } from './press.ts';

/** What happens when somebody types or presses: the one way in, the same for every platform. */
export function makeListener(office: Office): ChatListener {
  return {
    command: (typed) => privately(office, typed, () => take(office, typed)),
    async press(press: Press) {
      await privately(office, press, async () => {
        const say = (card: Card) => whisper(office, press.place, press.by, card);
        await pressButton(office, press, say, (text) => take(office, { ...press, text }));
        return 'private';
      });
    },
    complete: (text, by) => completeLine(office, text, by),
  };
}

type Heard = Awaited<ReturnType<ChatListener['command']>>;

/**
 * What only reads costs nothing to lose: it is acknowledged at once and answered when Proxmox has. What changes something is resolved only when its
 * run stands in Redis.
 */
async function take(office: Office, typed: Invocation): Promise<Heard> {
  const { desk } = office;
  const { command, words } = findCommand(desk.table, typed.text);
  const approval = judge(office.rules, command, typed.by);
  const values = readArgs(command, words);
  if (command.risk === 'read') {
    return later(office, typed, async () => answer(office, typed, await command.run(values, desk, typed.by)));
  }
  const outcome = await command.run(values, desk, typed.by);
  if ('answer' in outcome) return answer(office, typed, outcome);
  if (outcome.dryRun) return later(office, typed, () => showPlan(office, typed, outcome, approval));
  await submit(office, typed, outcome, approval);
  return 'public';
}

/** Does it after the acknowledgement. */
function later(office: Office, typed: Invocation, act: () => Promise<Heard>): Heard {
  office
    .answering(() => privately(office, typed, act))
    .catch(async (error: unknown) => {
      office.log.warn({ err: error, text: typed.text }, 'an answer could not be given');
      await whisper(office, typed.place, typed.by, errorCard(error)).catch(() => {
        // The platform can't be reached either: it is in the log.
      });
    });
  return 'private';
}

async function answer(office: Office, typed: Invocation, outcome: Outcome): Promise<Heard> {
  if ('answer' in outcome) await whisper(office, typed.place, typed.by, outcome.answer);
  return 'private';
}

type Wanted = Extract<Outcome, { job: unknown }>;

/** The input as the job understands it. Throws a `UserError` when it does not. */
function readInput({ job, input }: Wanted) {
  const read = job.input.safeParse(input);
  if (read.success) return read.data;
  throw new UserError(read.error.issues.map(({ message }) => message).join('; '));
}

async function showPlan(
  office: Office,
  typed: Invocation,
  wanted: Wanted,
  approval: ApprovalRule | undefined,
): Promise<Heard> {
  const { desk } = office;
  const { settings, fetchText } = desk.tools;
  const { text, by } = typed;
  const cluster = clusterOf(desk, wanted.cluster);
  const runId = `dry-${typed.id}`;
  const look = { runId, cluster, dry: true, settings, fetchText, text, by, signal: desk.signal };
  const plan = await wanted.job.plan(look, readInput(wanted));
  await whisper(office, typed.place, by, planCard(wanted.job.describe(plan), text, approval));
  return 'private';
}

async function submit(
  office: Office,
  typed: Invocation,
  wanted: Wanted,
  approval: ApprovalRule | undefined,
): Promise<void> {
  const { desk } = office;
  const { job, keep } = wanted;
  await desk.runs.submit({
    key: `${typed.place.platform}:${typed.id}`,
    job: job.name,
    version: job.version,
    input: readInput(wanted),
    cluster: clusterOf(desk, wanted.cluster).name,
    by: { key: typed.by.key, name: typed.by.name },
    origin: { ...typed.place },
    text: typed.text,
    onFailure: keep ? 'keep' : 'undo',
    ...(approval ? { approval } : {}),
  });
}

/**
 * A mistake of the person is answered privately, and so is a bug, which goes to the log too. When another system is away nothing was kept: that goes back to
 * the platform, which leaves the words with the person.
 */
async function privately(
  office: Office,
  from: { place: Place; by: Person },
  act: () => Promise<Heard>,
): Promise<Heard> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof RemoteError) throw error;
    if (!(error instanceof UserError)) office.log.error({ err: error }, 'a bug in a command');
    await whisper(office, from.place, from.by, errorCard(error));
    return 'private';
  }
}

async function whisper(office: Office, place: Place, to: Person, card: Card): Promise<void> {
  await platformOf(office, place)?.whisper(place, to.key, await office.buttons.seal(card));
}

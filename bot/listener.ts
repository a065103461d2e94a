import type { Card } from '#base/card.ts';
import { RemoteError, UserError } from '#base/errors.ts';
import type { ChatListener, Invocation, Person, Place, Press } from '#chat/platform.ts';
import type { Outcome } from '#commands/command.ts';
import { clusterOf } from '#commands/desk.ts';
import { findCommand } from '#commands/find.ts';
import { judge } from '#commands/policy.ts';
import { readArgs } from '#commands/read.ts';
import type { ApprovalRule } from '#jobs/engine/run.ts';
import type { Draft } from './buttons.ts';
import { completeLine } from './complete.ts';
import { errorCard } from './error-card.ts';
import { type Office, platformOf } from './office.ts';
import { planCard } from './plan-card.ts';
import { pressButton } from './press.ts';

/** What happens when somebody types or presses: the one way in, the same for every platform. */
export function makeListener(office: Office): ChatListener {
  return {
    command: (typed) => answerErrors(office, typed, () => take(office, typed)),
    press: (press: Press) =>
      answerErrors(office, press, async () => {
        const say = (card: Card) => whisper(office, press.place, press.by, card);
        await pressButton(office, press, say, (text) => take(office, { ...press, text }));
      }),
    complete: (text, by) => completeLine(office, text, by),
  };
}

/**
 * Reads cost nothing to lose: they are acknowledged at once and answered when Proxmox has. Whatever changes something is resolved only when its run
 * stands in Redis.
 */
async function take(office: Office, typed: Invocation): Promise<void> {
  const { command, words } = findCommand(office.desk.table, typed.text);
  const approval = judge(office.rules, command, typed.by);
  const values = readArgs(command, words);
  if (command.risk !== 'read') return act(office, typed, await command.run(values, office.desk, typed.by), approval);
  const answering = answerErrors(office, typed, async () =>
    act(office, typed, await command.run(values, office.desk, typed.by), approval),
  );
  answering.catch((error: unknown) =>
    office.log.error({ err: error, command: command.path }, 'an answer could not be given'),
  );
}

async function act(
  office: Office,
  typed: Invocation,
  outcome: Outcome,
  approval: ApprovalRule | undefined,
): Promise<void> {
  if ('answer' in outcome) return whisper(office, typed.place, typed.by, outcome.answer);
  const { desk } = office;
  const cluster = clusterOf(desk, outcome.cluster);
  const { job } = outcome;
  const input = job.input.safeParse(outcome.input);
  if (!input.success) throw new UserError(input.error.issues.map(({ message }) => message).join('; '));
  if (outcome.dryRun) {
    const { settings, fetchText } = desk.tools;
    const look = {
      runId: `dry-${typed.id}`,
      cluster,
      dry: true,
      settings,
      fetchText,
      text: typed.text,
      by: typed.by,
      signal: desk.signal,
    };
    const plan = await job.plan(look, input.data);
    return whisper(office, typed.place, typed.by, planCard(job.describe(plan), typed.text, approval));
  }
  await desk.runs.submit({
    key: `${typed.place.platform}:${typed.id}`,
    job: job.name,
    version: job.version,
    input: input.data,
    cluster: cluster.name,
    by: { key: typed.by.key, name: typed.by.name },
    origin: { ...typed.place },
    text: typed.text,
    onFailure: outcome.keep ? 'keep' : 'undo',
    ...(approval ? { approval } : {}),
  });
}

/** A mistake of the person or a refusal of another system is a private answer; anything else is a bug and goes to the log too. */
async function answerErrors(
  office: Office,
  from: { place: Place; by: Person },
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof UserError || error instanceof RemoteError))
      office.log.error({ err: error }, 'a bug in a command');
    await whisper(office, from.place, from.by, errorCard(error));
  }
}

async function whisper(office: Office, place: Place, to: Person, card: Card | Draft): Promise<void> {
  await platformOf(office, place)?.whisper(place, to.key, await office.buttons.seal(card));
}

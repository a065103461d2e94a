import type { Card } from '#base/card.ts';
import { UserError } from '#base/errors.ts';
import type { Outcome } from '#commands/command.ts';
import { clusterOf } from '#commands/desk.ts';
import type { ApprovalRule } from '#jobs/engine/run.ts';
import { planCard } from '../cards/plan-card.ts';
import { deskAt, type Office } from '../office.ts';
import type { Line } from './heard.ts';

export type Wanted = Extract<Outcome, { job: unknown }>;

/** The input as the job understands it. Throws a `UserError` when it does not. */
export function readInput({ job, input }: Wanted) {
  const read = job.input.safeParse(input);
  if (read.success) return read.data;
  throw new UserError(read.error.issues.map(({ message }) => message).join('; '));
}

/** What a job would do, and who would have to approve it; nothing is begun or claimed. */
export async function dryRun(
  office: Office,
  typed: Line,
  wanted: Wanted,
  approval: ApprovalRule | undefined,
): Promise<Card> {
  const desk = deskAt(office, typed.place);
  const { settings, fetchText, runs } = desk.tools;
  const { text, by } = typed;
  const cluster = clusterOf(desk, wanted.cluster);
  const runId = `dry-${typed.id}`;
  const look = { runId, cluster, dry: true, settings, fetchText, runs, text, by, signal: desk.signal };
  const plan = await wanted.job.plan(look, readInput(wanted));
  return planCard(wanted.job.describe(plan), text, approval);
}

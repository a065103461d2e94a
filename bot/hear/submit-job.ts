import { clusterOf } from '#commands/desk.ts';
import { visible } from '#commands/split.ts';
import type { Grant } from '#policy/authorize.ts';
import { deskAt, type Office } from '../office.ts';
import { readInput, type Wanted } from './dry-run.ts';
import type { Asker } from './whisper.ts';

/** Writes down a job that somebody asked for; `text` is the line that says so. Throws a `UserError` when its input does not fit. */
export async function submitJob(
  office: Office,
  { id, place, by, text }: Asker & { readonly text: string },
  wanted: Wanted,
  grant: Grant,
): Promise<void> {
  const { job, keep } = wanted;
  await office.changes.submit(grant, {
    key: `${place.platform}:${id}`,
    job: job.name,
    version: job.version,
    input: readInput(wanted),
    cluster: clusterOf(deskAt(office, place), wanted.cluster).name,
    origin: { ...place, account: by.account },
    text: visible(text),
    onFailure: keep ? 'keep' : 'undo',
  });
}

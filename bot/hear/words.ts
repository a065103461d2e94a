import type { Person, Place, Wanted, Word } from '#chat/platform.ts';
import type { WordSource } from '#commands/args.ts';
import { clusterOf } from '#commands/desk.ts';
import { listNames } from '#jobs/vm/list.ts';
import { usedNodes } from '#jobs/vm/room.ts';
import { readResources } from '#proxmox/resources.ts';
import { deskAt, type Office } from '../office.ts';
import { runOfThread } from '../show/places.ts';
import { may } from './may.ts';

const most = 25;

/** What fits a field of a command's form, or an option of a command: those that begin as typed first, then those that contain it. */
export async function wordsFor(office: Office, wanted: Wanted & { readonly by: Person }): Promise<readonly Word[]> {
  const { table } = office.desk;
  const meaning = table.some(({ path }) => path === wanted.token)
    ? { kind: 'form' as const, command: wanted.token }
    : await office.buttons.meaning(wanted.token);
  if (meaning?.kind !== 'form') return [];
  const command = table.find(({ path }) => path === meaning.command);
  const arg = command?.args[wanted.field];
  if (!arg || !may(office, command, wanted.by)) return [];
  const known = arg.choices ?? (arg.complete ? await knownWords(office, arg.complete, wanted.place) : []);
  const typed = wanted.typed.toLowerCase();
  const rank = (word: string) => (word.toLowerCase().startsWith(typed) ? 0 : 1);
  return known
    .filter((word) => word.toLowerCase().includes(typed))
    .toSorted((one, other) => rank(one) - rank(other))
    .slice(0, most)
    .map((word) => ({ word, about: arg.about }));
}

/** Everything there is of a kind, as commands in this place would find it. */
export async function knownWords(office: Office, source: WordSource, place: Place): Promise<readonly string[]> {
  const desk = deskAt(office, place);
  const { settings } = desk.tools;
  switch (source) {
    case 'size':
      return Object.keys(settings.sizes);
    case 'template':
      return Object.keys(settings.templates);
    case 'role':
      return Object.keys(settings.create.roles);
    case 'command':
      return [...new Set(desk.table.map(({ path }) => path.split(' ')[0] ?? ''))];
    case 'vm':
      return listNames(clusterOf(desk));
    case 'node':
      return usedNodes(clusterOf(desk), await readResources(clusterOf(desk).api)).map(({ node }) => node);
    case 'run': {
      // In a run's own thread it is the one that is meant.
      const here = place.thread === undefined ? undefined : await runOfThread(office, place);
      const newest = (await desk.runs.list({ limit: most })).runs.map(({ id }) => id);
      return [...new Set([here ?? [], newest].flat())];
    }
  }
}

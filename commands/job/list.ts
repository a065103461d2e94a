import { runStates } from '#jobs/engine/record.ts';
import type { Args } from '../args.ts';
import { defineCommand } from '../command.ts';
import { lineWith, pageSize, withPages } from '../pages.ts';
import { tableCard } from '../show.ts';

const path = 'job list';
const args = {
  mine: { kind: 'flag', about: 'Only yours.' },
  owner: { kind: 'text', about: 'Only those that this person asked for: their key.' },
  state: { kind: 'choice', about: 'Only those in this state.', choices: runStates },
  after: { kind: 'text', about: 'From after this place in the list on: what the button for the next page types.' },
} as const satisfies Args;

export const jobList = defineCommand({
  path,
  synonyms: ['ls', 'all', 'ps'],
  about: 'Jobs and how they stand, the newest first; filters narrow the list down.',
  example: '/job list',
  risk: 'read',
  args,
  async run({ mine, owner, state, after }, desk, by) {
    const key = mine ? by.key : owner;
    const { runs, cursor, total } = await desk.runs.list({
      limit: pageSize,
      ...(key === undefined ? {} : { by: key }),
      ...(state === undefined ? {} : { state }),
      ...(after === undefined ? {} : { cursor: after }),
    });
    const rows = runs.map((run) => [
      { code: run.id },
      run.state,
      { who: run.by.key, name: run.by.name },
      { code: run.text },
      { at: run.createdAt },
    ]);
    const filter = { mine, owner, state };
    const none = mine || owner || state || after ? 'No job fits.' : 'There are no jobs yet.';
    const list = tableCard('Jobs', ['Job', 'State', 'Asked by', 'Command', 'When'], rows, none);
    const links = [
      ...(after === undefined ? [] : [{ label: 'First page', command: lineWith(path, filter) }]),
      ...(cursor === undefined ? [] : [{ label: 'Next page', command: lineWith(path, { ...filter, after: cursor }) }]),
    ];
    const about = `${total} ${total === 1 ? 'job' : 'jobs'} in all`;
    return { answer: withPages(list, `${about}.`, links) };
  },
});

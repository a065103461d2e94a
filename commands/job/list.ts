import { defineCommand } from '../command.ts';
import { tableCard } from '../show.ts';

export const jobList = defineCommand({
  path: 'job list',
  about: 'The newest jobs and how they stand.',
  example: '/job list',
  risk: 'read',
  args: { mine: { kind: 'flag', about: 'Only yours.' } },
  async run({ mine }, desk, by) {
    const { runs } = await desk.runs.list({ limit: 20, ...(mine ? { by: by.key } : {}) });
    const rows = runs.map((run) => [
      { code: run.id },
      run.state,
      { who: run.by.key, name: run.by.name },
      { code: run.text },
      { at: run.createdAt },
    ]);
    return {
      answer: tableCard('Jobs', ['Job', 'State', 'Asked by', 'Command', 'When'], rows, 'There are no jobs yet.'),
    };
  },
});

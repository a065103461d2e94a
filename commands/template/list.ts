import { listTemplates } from '#jobs/template/find.ts';
import { defineCommand } from '../command.ts';
import { clusterOf } from '../desk.ts';
import { tableCard, withSilence } from '../show.ts';

export const templateList = defineCommand({
  path: 'template list',
  about: 'The catalog of templates, and where each is built.',
  example: '/template list',
  risk: 'read',
  args: {},
  async run(_given, desk) {
    const { settings } = desk.tools;
    const { templates: built, silent } = await listTemplates(clusterOf(desk), settings);
    const rows = Object.entries(settings.templates).map(([name, entry]) => {
      const here = built
        .filter((one) => one.name === name)
        .map((one) => `${one.vmid} on ${one.node}${one.shared ? ' (shared)' : ''}`);
      const from = 'url' in entry ? new URL(entry.url).pathname.split('/').at(-1) : `VM ${entry.vmid}`;
      return [{ b: name }, entry.user, from ?? '', here.join(', ') || 'not built'];
    });
    const columns = ['Name', 'User', 'From', 'Built'];
    const answer = tableCard('Templates', columns, rows, 'The catalog in config.yaml is empty.');
    return { answer: withSilence(answer, silent) };
  },
});

import { listTemplates } from '#jobs/template/find.ts';
import { defineCommand } from '../command.ts';
import { clusterOf } from '../desk.ts';
import { tableCard } from '../show.ts';

export const templateList = defineCommand({
  path: 'template list',
  about: 'The catalog of templates, and where each is built.',
  example: '/template list',
  risk: 'read',
  args: {},
  async run(_given, desk) {
    const { settings } = desk.tools;
    const built = await listTemplates(clusterOf(desk), settings);
    const rows = Object.entries(settings.templates).map(([name, entry]) => {
      const here = built
        .filter((one) => one.name === name)
        .map((one) => `${one.vmid} on ${one.node}${one.shared ? ' (shared)' : ''}`);
      const from = 'url' in entry ? new URL(entry.url).pathname.split('/').at(-1) : `VM ${entry.vmid}`;
      return [{ b: name }, entry.user, from ?? '', here.join(', ') || 'not built'];
    });
    return {
      answer: tableCard('Templates', ['Name', 'User', 'From', 'Built'], rows, 'The catalog in config.yaml is empty.'),
    };
  },
});

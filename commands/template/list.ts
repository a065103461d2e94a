import type { CatalogEntry } from '#jobs/settings.ts';
import { whyAbsent } from '#jobs/template/absence.ts';
import { listResources, listTemplates } from '#jobs/template/find.ts';
import { defineCommand } from '../command.ts';
import { clusterOf } from '../desk.ts';
import { tableCard, withSilence } from '../show.ts';

export const templateList = defineCommand({
  path: 'template list',
  synonyms: ['ls', 'all'],
  about: 'The catalog of templates, and where each is built.',
  example: '/template list',
  risk: 'read',
  args: {},
  async run(_given, desk) {
    const { settings } = desk.tools;
    const cluster = clusterOf(desk);
    const resources = await listResources(cluster);
    const { templates: built, silent } = await listTemplates(cluster, settings, resources);
    const rowOf = async ([name, entry]: [string, CatalogEntry]) => {
      const here = built
        .filter((one) => one.name === name)
        .map((one) => `${one.vmid} on ${one.node}${one.shared ? ' (shared)' : ''}`);
      const from = 'url' in entry ? new URL(entry.url).pathname.split('/').at(-1) : `VM ${entry.vmid}`;
      const absence = here.length > 0 ? undefined : await whyAbsent(cluster, settings, name, resources, silent);
      return [{ b: name }, entry.user, from ?? '', here.join(', ') || (absence?.text ?? 'not built')];
    };
    const rows = await Promise.all(Object.entries(settings.templates).map(rowOf));
    const columns = ['Name', 'User', 'From', 'Built'];
    const answer = tableCard('Templates', columns, rows, 'The catalog in config.yaml is empty.');
    return { answer: withSilence(answer, silent) };
  },
});

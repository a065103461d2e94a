import { spellSilence } from '#proxmox/ask-nodes.ts';
import type { Cluster } from '#proxmox/cluster.ts';
import { type Resources, readResources } from '#proxmox/resources.ts';
import type { Settings } from '../settings.ts';
import { whyAbsent } from '../template/absence.ts';
import { listTemplates, type Template } from '../template/find.ts';
import { bad, type Finding, good, warn } from './finding.ts';

/** Whether each template of the catalog can be cloned on each node that is online, and what it lacks. */
export async function examineTemplates(
  cluster: Cluster,
  settings: Settings,
  online: readonly string[],
): Promise<Finding[]> {
  const resources = await readResources(cluster.api);
  const { templates: built, silent } = await listTemplates(cluster, settings, resources);
  const names = Object.keys(settings.templates);
  const heard = online.filter((node) => !silent.includes(node));
  const found = await Promise.all(
    names.map(async (name): Promise<Finding[]> => {
      const here = built.filter((one) => one.name === name);
      return here.length > 0
        ? present(settings, name, here, heard)
        : [await absent(cluster, settings, name, resources, silent)];
    }),
  );
  const late = `${spellSilence(cluster, silent)}: its templates can’t be used.`;
  return [...(silent.length > 0 ? [warn('Templates', late, '/node list')] : []), ...found.flat()];
}

function present(settings: Settings, name: string, here: readonly Template[], online: readonly string[]): Finding[] {
  const places = here.map((one) => `${one.vmid} on ${one.node}${one.shared ? ' (shared)' : ''}`);
  const without = online.filter((node) => !here.some((one) => one.shared || one.node === node));
  const entry = settings.templates[name];
  const byHand = `Copy it there, or put its disk on shared storage: until then its VMs are made on ${here.map(({ node }) => node).join(', ')} only.`;
  const flaws = here.flatMap(({ node, flaws = [] }) =>
    flaws.map(({ fatal, text, next }) => {
      const advice = [{ when: `On ${node}:`, next }];
      return fatal ? bad('Templates', text, advice) : { ...warn('Templates', text, next), advice };
    }),
  );
  return [
    good('Templates', `${name} is ${places.join(', ')}.`),
    ...without.map((node) =>
      warn(
        'Templates',
        `${name} can’t be cloned on ${node}.`,
        entry && 'vmid' in entry ? byHand : `/template build ${name} --node ${node}`,
      ),
    ),
    ...flaws,
  ];
}

async function absent(
  cluster: Cluster,
  settings: Settings,
  name: string,
  resources: Resources,
  silent: readonly string[],
): Promise<Finding> {
  const absence = await whyAbsent(cluster, settings, name, resources, silent);
  if (absence) return bad('Templates', absence.text, absence.next);
  return warn('Templates', `${name} is not built.`, `/template build ${name}`);
}

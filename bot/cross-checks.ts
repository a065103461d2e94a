import type { Complaint } from '#policy/lint.ts';
import type { Judgeable } from './judgeable.ts';
import { labOnlyComplaints } from './lab-only.ts';
import { policyComplaints } from './policy.ts';

/**
 * What no single setting shows: names given twice, names of nothing, prefixes that no host name begins with, rules
 * that can't be meant, what only the lab may. It judges what there is of a file that has other faults.
 */
export function complaintsTogether(config: Judgeable): Complaint[] {
  const { clusters, web } = config;
  return [
    ...namedTwice(config),
    ...namesOfNothing(config),
    ...oddPrefixes(config),
    ...inPolicy(config),
    ...(clusters && web ? labOnlyComplaints({ ...config, clusters, web }) : []),
  ];
}

function inPolicy(config: Judgeable): readonly Complaint[] {
  const { people = [], groups = {}, rules = [] } = config;
  const complaints = policyComplaints({ ...config, people, groups, rules });
  if (!config.unclearCrowds) return complaints;
  return complaints.filter(({ path }) => path.includes('commands') || path.includes('expires'));
}

function namedTwice({ clusters = [], people = [] }: Judgeable): Complaint[] {
  return [
    ...twice(
      'name',
      clusters.map(({ name }, at) => ({ value: name, path: ['clusters', at, 'name'] })),
    ),
    ...twice(
      'key',
      people.map(({ key }, at) => ({ value: key, path: ['people', at, 'key'] })),
    ),
    ...twice(
      'access key',
      people.map(({ accessKey }, at) => ({ value: accessKey, path: ['people', at, 'accessKey'] })),
    ),
    ...twice(
      'account',
      people.flatMap(({ accounts }, at) =>
        accounts.map((value, index) => ({ value, path: ['people', at, 'accounts', index] })),
      ),
    ),
  ];
}

interface Placed {
  readonly value: string | undefined;
  readonly path: Complaint['path'];
}

function twice(what: string, values: readonly Placed[]): Complaint[] {
  const seen = new Map<string, string>();
  return values.flatMap(({ value, path }) => {
    if (value === undefined) return [];
    const first = seen.get(value);
    if (first !== undefined) return [{ path, message: `is the same ${what} as ${first}; each must have its own` }];
    seen.set(value, path.join('.'));
    return [];
  });
}

function namesOfNothing({ clusters, channels = [], sizes, templates, create }: Judgeable): Complaint[] {
  // Where a cluster has no name yet it may be the one that is meant.
  const names = clusters?.length ? clusters.map(({ name }) => name) : undefined;
  const inChannels = channels.flatMap(({ cluster }, at): Complaint[] => {
    if (cluster === undefined || !names?.every(Boolean) || names.includes(cluster)) return [];
    return [{ path: ['channels', at, 'cluster'], message: `"${cluster}" is not one of clusters: ${names.join(', ')}` }];
  });
  const one = (setting: 'size' | 'template', section: string, known: object | undefined): Complaint[] => {
    const name = create?.[setting];
    if (name === undefined || !known || Object.hasOwn(known, name)) return [];
    const list = Object.keys(known).join(', ') || 'there are none';
    return [{ path: ['create', setting], message: `"${name}" is not one of ${section}: ${list}` }];
  };
  return [...inChannels, ...one('size', 'sizes', sizes), ...one('template', 'templates', templates)];
}

function oddPrefixes({ create }: Judgeable): Complaint[] {
  return Object.entries(create?.roles ?? {}).flatMap(([role, prefix]) => {
    if (/^[a-z]([a-z0-9-]{0,50}[a-z0-9])?$/.test(prefix)) return [];
    return [
      { path: ['create', 'roles', role], message: `"${prefix}" can't begin a host name; write for example k8s-worker` },
    ];
  });
}

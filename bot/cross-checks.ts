import type { z } from 'zod';

interface Asked {
  readonly clusters: readonly { readonly name: string }[];
  readonly people: readonly {
    readonly key: string;
    readonly accessKey?: string | undefined;
    readonly accounts: readonly string[];
  }[];
  readonly channels: readonly { readonly cluster?: string | undefined }[];
  readonly create: { readonly roles: Readonly<Record<string, string>> };
}

/** Complains about what no single setting shows: names given twice, names of nothing, prefixes that no host name begins with. */
export function checkTogether({ clusters, people, channels, create }: Asked, context: z.RefinementCtx): void {
  const say = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  const once = (
    values: readonly { readonly value: string | undefined; readonly path: (string | number)[] }[],
    what: string,
  ) => {
    const seen = new Map<string, string>();
    for (const { value, path } of values) {
      if (value === undefined) continue;
      const first = seen.get(value);
      if (first !== undefined) say(path, `${what} as ${first}; each must have its own`);
      else seen.set(value, path.join('.'));
    }
  };
  once(
    clusters.map(({ name }, at) => ({ value: name, path: ['clusters', at, 'name'] })),
    'is the same name',
  );
  once(
    people.map(({ key }, at) => ({ value: key, path: ['people', at, 'key'] })),
    'is the same key',
  );
  once(
    people.map(({ accessKey }, at) => ({ value: accessKey, path: ['people', at, 'accessKey'] })),
    'is the same access key',
  );
  const accounts = people.flatMap((one, at) =>
    one.accounts.map((value, index) => ({ value, path: ['people', at, 'accounts', index] })),
  );
  once(accounts, 'is the same account');
  const names = clusters.map(({ name }) => name);
  for (const [at, { cluster }] of channels.entries()) {
    if (cluster === undefined || names.includes(cluster)) continue;
    say(['channels', at, 'cluster'], `"${cluster}" is not one of clusters: ${names.join(', ')}`);
  }
  for (const [role, prefix] of Object.entries(create.roles)) {
    if (/^[a-z]([a-z0-9-]{0,50}[a-z0-9])?$/.test(prefix)) continue;
    say(['create', 'roles', role], `"${prefix}" can't begin a host name; write for example k8s-worker`);
  }
}

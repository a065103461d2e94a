import { z } from 'zod';
import { Rule } from '#policy/rules.ts';

const text = z.string().catch('');
const texts = z.array(text).catch([]);
const address = z.string().refine((url) => URL.canParse(url));
const platform = z.object({ apiUrl: address }).optional().catch(undefined);

/**
 * What settings are compared by, read out of a file that has other faults: what is none is empty, so that each
 * entry keeps its place. A section that is none at all is undefined, and what rests on it is not judged.
 */
const sections = {
  clusters: z.array(
    z
      .object({ name: text, hosts: z.array(address.catch('https://localhost')).catch([]) })
      .catch({ name: '', hosts: [] }),
  ),
  people: z
    .array(
      z
        .object({ key: text, groups: texts, accounts: texts, accessKey: z.string().optional().catch(undefined) })
        .catch({ key: '', groups: [], accounts: [], accessKey: undefined }),
    )
    .default([]),
  groups: z.record(z.string(), texts).default({}),
  rules: z
    .array(
      z
        .object({
          commands: texts,
          allow: texts.optional(),
          approval: Rule.shape.approval.catch(undefined),
        })
        .catch({ commands: [] }),
    )
    .default([]),
  channels: z.array(z.object({ cluster: z.string().optional().catch(undefined) }).catch({})).default([]),
  sizes: z.record(z.string(), z.unknown()),
  templates: z.record(z.string(), z.unknown()),
  create: z.object({
    size: z.string().optional().catch(undefined),
    template: z.string().optional().catch(undefined),
    roles: z.record(z.string(), text).catch({}),
  }),
  web: z
    .object({
      signIn: z.enum(['key', 'pick']).default('key').catch('key'),
      host: z.string().default('127.0.0.1').catch('127.0.0.1'),
    })
    .prefault({}),
  slack: platform,
  discord: platform,
};

/** Who is whom, as it must be written for it to be said that nobody is in a group. */
const Crowds = z.object({
  people: z
    .array(
      z.object({ key: z.string(), groups: z.array(z.string()).default([]), accounts: z.array(z.string()).default([]) }),
    )
    .default([]),
  groups: z.record(z.string(), z.array(z.string())).default({}),
});

/** What {@link readJudgeable} finds; the configuration itself, when it has no fault, is one too. */
export type Judgeable = { readonly [Name in keyof typeof sections]?: z.infer<(typeof sections)[Name]> | undefined } & {
  /** Who is in which group can't be told. */
  readonly unclearCrowds?: boolean;
};

/** The parts of a written configuration, faults and all, that can be compared with each other. */
export function readJudgeable(written: unknown): Judgeable {
  const given = (typeof written === 'object' && written !== null ? written : {}) as Readonly<Record<string, unknown>>;
  const read = Object.entries(sections).map(([name, shape]) => [name, shape.safeParse(given[name]).data]);
  return { ...Object.fromEntries(read), unclearCrowds: !Crowds.safeParse(given).success };
}

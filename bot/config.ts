import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ms } from '#base/duration.ts';
import { UserError } from '#base/errors.ts';
import { noPlaceholder } from '#base/placeholder.ts';
import { DiscordSettings } from '#chat/discord/settings.ts';
import { SlackSettings } from '#chat/slack/settings.ts';
import { explainRedisUrl, usualRedisUrl } from '#jobs/engine/redis-url.ts';
import { Length, Settings } from '#jobs/settings.ts';
import { policyShape } from '#policy/rules.ts';
import { ClusterSettings } from '#proxmox/settings.ts';
import { onceEach, without } from './complaints.ts';
import { inWords } from './config-words.ts';
import { complaintsTogether } from './cross-checks.ts';
import { defaultSettings } from './defaults.ts';
import { environment } from './environment.ts';
import { fileTrouble } from './file-trouble.ts';
import { readJudgeable } from './judgeable.ts';
import { type Missing, resolveSecrets, type SettingPath, withTyped } from './secrets.ts';
import { readYaml } from './yaml.ts';

const Person = z.strictObject({
  /** How rules and the audit trail call this person. */
  key: z.string().regex(/^[a-z0-9_-]+$/, 'must be lower-case letters, digits, - and _ only, such as ana'),
  name: z.string().min(1),
  groups: z.array(z.string()).default([]),
  /** Who they are elsewhere: `slack:T012AB3CD:U0ANA`, `discord:900000000000000010`. They may join more with `/me link`. */
  accounts: z
    .array(
      z
        .string()
        .regex(/^[a-z]+:\S+$/, 'must be slack:WORKSPACE:MEMBER or discord:NUMBER, such as slack:T012AB3CD:U0ANA'),
    )
    .default([]),
  /** What they sign in to the web console with: `env:NAME` or `file:/path`. */
  accessKey: z
    .string()
    .min(16)
    .refine(...noPlaceholder)
    .optional(),
});

const Channel = z.strictObject({
  /** `slack:C0OPS`, `discord:9000000000000001`, `web:ops`. */
  place: z.string().regex(/^[a-z]+:\S+$/, 'must be a platform and a channel, such as slack:C0OPS'),
  cluster: z.string().optional(),
  /** The Proxmox resource pool that new VMs are put into. */
  pool: z.string().min(1).optional(),
});

const RedisUrl = z.string().superRefine((url, context) => {
  const message = explainRedisUrl(url);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

/** The whole configuration file. */
export const Config = z.strictObject({
  clusters: z.array(ClusterSettings).min(1),
  ...Settings.shape,
  ...policyShape,
  people: z.array(Person).default([]),
  /** Groups as rules name them, made of platforms' groups, accounts and people: `ops: [slack:ops, discord:Ops, ana]`. */
  groups: z.record(z.string(), z.array(z.string())).default({}),
  /** What commands typed in a channel are about when they do not say. */
  channels: z.array(Channel).default([]),
  /** How long what a failed run made stays when it is kept for a look; then it is rolled back. */
  keepFor: Length.default('2h'),
  web: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1'),
      port: z.int().min(0).max(65535).default(8080),
      /** `key`: people sign in with their access key. `pick`: anybody may act as anybody; for the lab only. */
      signIn: z.enum(['key', 'pick']).default('key'),
      /** Signs sessions; the same on every gateway. */
      secret: z
        .string()
        .min(16)
        .refine(...noPlaceholder)
        .optional(),
    })
    .prefault({}),
  worker: z
    .strictObject({
      concurrency: z.int().min(1).max(500).default(50),
      /** How long a worker may be silent before another one goes on with its runs. */
      lease: Length.refine((text) => ms(text) >= 1000, 'must be at least 1s').default('15s'),
    })
    .prefault({}),
  slack: SlackSettings.optional(),
  discord: DiscordSettings.optional(),
  redis: z
    .strictObject({
      /** With the usual address (and without REDIS_URL) a gateway and a worker look there, and `up` starts its own. */
      url: RedisUrl.optional(),
      prefix: z
        .string()
        .regex(/^[\w.:-]+$/, 'must be letters, digits, dots, colons, - and _ only, such as botswain')
        .default('botswain'),
      /** What to do with a Redis whose settings would lose work. `warn` is for the lab. */
      unsafe: z.enum(['refuse', 'warn']).default('refuse'),
    })
    .transform(({ url, ...rest }) => ({
      ...rest,
      url: url ?? usualRedisUrl,
      isNamed: url !== undefined && url !== usualRedisUrl,
    }))
    .prefault({}),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info') }).prefault({}),
});
export type Config = z.infer<typeof Config>;

/** The configuration in this YAML text. Throws a `UserError` with all complaints at once, each with its place and an example. */
export function parseConfig(
  text: string,
  where: string,
  environment: Readonly<Record<string, string | undefined>>,
): Config {
  const written = readYaml(text, where);
  const { value, complaints: missing, replaced } = resolveSecrets(written, environment);
  const { config, issues } = check(withDefaults(value), replaced);
  const url = environment.REDIS_URL;
  const urlTrouble = url ? explainRedisUrl(url) : undefined;
  const complaints = [...missing, ...without(missing, issues)].map(
    ({ path, message }) => `${path.join('.') || 'the file'}: ${message}`,
  );
  if (urlTrouble !== undefined) complaints.push(`the environment variable REDIS_URL ${urlTrouble}`);
  if (!config || complaints.length > 0) {
    const list = complaints.map((line) => `  - ${line}`).join('\n');
    throw new UserError(`${where} can't be used:\n${list}`, { hint: 'config.example.yaml shows every setting.' });
  }
  return url ? { ...config, redis: { ...config.redis, url, isNamed: true } } : config;
}

interface Checked {
  readonly config: Config | undefined;
  readonly issues: readonly Missing[];
}

/** All that is wrong at once: with each setting, and, where that can be judged all the same, with several together. */
function check(value: unknown, replaced: readonly SettingPath[]): Checked {
  const { result, typed } = parseTyped(value, replaced);
  const own = result.success ? [] : onceEach(result.error.issues);
  const together = complaintsTogether(result.success ? result.data : readJudgeable(typed));
  const wrong = own.filter(({ code }) => code !== 'unrecognized_keys');
  return { config: result.data, issues: [...own, ...without(wrong, together)] };
}

/** What came from the environment or a file is text; where a number or a switch is to stand it is read as one. */
function parseTyped(value: unknown, replaced: readonly SettingPath[]) {
  const result = Config.safeParse(value, { error: inWords });
  const places = new Set(replaced.map((path) => JSON.stringify(path)));
  const texts = (result.error?.issues ?? []).filter(
    ({ code, path }) => code === 'invalid_type' && places.has(JSON.stringify(path)),
  );
  if (texts.length === 0) return { result, typed: value };
  const typed = texts.reduce((partly: unknown, { path }) => withTyped(partly, path), value);
  return { result: Config.safeParse(typed, { error: inWords }), typed };
}

/** Reads the file and the environment; the only place in the product that does. */
export function readConfig(file: string): Config {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`The configuration ${file} can't be read: ${fileTrouble(error)}.`, {
      hint: 'Copy config.example.yaml to config.yaml, or run ./botswain up for the built-in lab.',
      cause: error,
    });
  }
  return parseConfig(text, file, environment());
}

/** What is left out of the file is taken from the defaults; sizes, roles and the catalog are replaced as a whole when given. */
function withDefaults(written: unknown): unknown {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return written;
  // A section whose lines are all commented out is one that was left out.
  const given = Object.fromEntries(Object.entries(written).filter(([, section]) => section !== null));
  const create = over(defaultSettings.create, given.create);
  const ready = over(defaultSettings.create.ready, isSection(create) ? create.ready : undefined);
  const ssh = over(defaultSettings.ssh, given.ssh);
  return { ...defaultSettings, ...given, create: isSection(create) ? { ...create, ready } : create, ssh };
}

/** What is given over its defaults; what is no section is left for the check to refuse. */
function over(defaults: object, given: unknown): unknown {
  return given === undefined || given === null || isSection(given) ? { ...defaults, ...given } : given;
}

const isSection = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

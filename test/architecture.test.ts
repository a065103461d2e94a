import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, test } from 'node:test';

const root = resolve(import.meta.dirname, '..');

/** Which folders each folder may import from, besides itself. Tests may use anything. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  base: [],
  redis: ['base'],
  'cloud-init': ['base'],
  guest: ['base'],
  proxmox: ['base'],
  chat: ['base'],
  policy: ['base'],
  jobs: ['base', 'redis', 'cloud-init', 'guest', 'proxmox'],
  commands: ['base', 'chat', 'jobs', 'policy'],
  bot: ['base', 'cloud-init', 'guest', 'proxmox', 'chat', 'jobs', 'commands', 'policy'],
  lab: ['base'],
};

/** Libraries with one door each: only files that begin so may import them. */
const doors: Readonly<Record<string, readonly string[]>> = {
  undici: ['proxmox/api', 'proxmox/tls', 'proxmox/dispatch'],
  ssh2: ['guest/', 'lab/'],
  bullmq: ['bot/', 'jobs/engine/'],
  ioredis: ['redis/', 'bot/', 'jobs/engine/', 'proxmox/claims'],
  yaml: ['bot/', 'cloud-init/', 'lab/'],
  pino: ['base/log'],
  'discord.js': ['chat/discord/'],
  '@slack/bolt': ['chat/slack/'],
  '@slack/socket-mode': ['chat/slack/'],
  '@slack/web-api': ['chat/slack/'],
  '@slack/types': ['chat/slack/', 'lab/slack/'],
  ws: ['lab/'],
  ajv: ['lab/slack/'],
  'ts-json-schema-generator': ['lab/slack/'],
};

interface Source {
  readonly file: string;
  readonly folder: string;
  readonly text: string;
  readonly imports: readonly { readonly from: string; readonly typeOnly: boolean }[];
}

/** Tests, and what only they use. */
const forTests = /\.(test|slow)\.ts$|\/test-[^/]+\.ts$|-for-tests\.ts$|-contract\.ts$/;

const sources = Object.keys(mayImport).flatMap((folder) => filesIn(folder).map(readSource));

for (const [folder, allowed] of Object.entries(mayImport)) {
  test(`${folder} imports only from ${allowed.join(', ') || 'nothing of ours'}`, () => {
    const wrong = sources
      .filter((source) => source.folder === folder)
      .flatMap(({ file, imports }) =>
        imports
          .filter(
            ({ from }) => from.startsWith('#') && ![folder, ...allowed].includes(from.slice(1).split('/')[0] ?? ''),
          )
          .map(({ from }) => `${file} imports ${from}`),
      );

    assert.deepEqual(wrong, []);
  });
}

test('no file reaches into another folder by a relative path', () => {
  const wrong = sources.flatMap(({ file, folder, imports }) =>
    imports
      .filter(
        ({ from }) => from.startsWith('.') && !relative(root, resolve(root, file, '..', from)).startsWith(`${folder}/`),
      )
      .map(({ from }) => `${file} imports ${from}`),
  );

  assert.deepEqual(wrong, []);
});

test('commands use only the types of chat', () => {
  const wrong = sources
    .filter(({ folder }) => folder === 'commands')
    .flatMap(({ file, imports }) =>
      imports.filter(({ from, typeOnly }) => from.startsWith('#chat/') && !typeOnly).map(() => file),
    );

  assert.deepEqual(wrong, []);
});

describe('each library has one door', () => {
  for (const [library, allowed] of Object.entries(doors)) {
    test(`${library} is imported only in ${allowed.join(', ')}`, () => {
      const wrong = sources
        .filter(
          ({ file, imports }) =>
            imports.some(({ from }) => from === library || from.startsWith(`${library}/`)) &&
            !allowed.some((door) => file.startsWith(door)),
        )
        .map(({ file }) => file);

      assert.deepEqual(wrong, []);
    });
  }
});

describe('nothing changes a job but with a right that authorize gave', () => {
  const rules: readonly (readonly [what: string, pattern: RegExp, allowed: readonly string[]])[] = [
    ['a right is made', /\bas (unknown as )?Grant\b/, ['policy/authorize.ts']],
    [
      'jobs are changed',
      /\bruns\s*\??\.\s*(submit|vote|cancel|retry|rollBack|keep)\b/,
      ['bot/hear/changes.ts', 'jobs/run/steps/carry-out.ts'],
    ],
    ['jobs that can be changed are opened', /\bopenRuns\(/, ['bot/gateway.ts', 'bot/tools.ts', 'jobs/engine/runs.ts']],
    [
      'a right is used',
      /\bchanges\s*\.\s*(submit|vote|carryOut)\b/,
      ['bot/hear/act.ts', 'bot/hear/submit-job.ts', 'bot/hear/vote.ts', 'bot/show/kept.ts'],
    ],
  ];
  for (const [what, pattern, allowed] of rules) {
    test(`${what} only in ${allowed.join(', ')}`, () => {
      const found = sources
        .filter(({ folder, text }) => folder !== 'lab' && pattern.test(text))
        .map(({ file }) => file);

      assert.deepEqual(
        found.filter((file) => !allowed.includes(file)),
        [],
      );
      assert.ok(found.length > 0, 'a pattern that finds nothing holds nothing');
    });
  }
});

test('nothing waits for later', () => {
  const wrong = sources.filter(({ text }) => /\b(TODO|FIXME|XXX)\b/.test(text)).map(({ file }) => file);

  assert.deepEqual(wrong, []);
});

test('files are small: half of them have at most 60 lines, none over 250', () => {
  const lengths = sources.map(({ text }) => text.split('\n').length - 1).sort((a, b) => a - b);

  assert.ok(
    (lengths[Math.floor(lengths.length / 2)] ?? 0) <= 60,
    `the median is ${lengths[Math.floor(lengths.length / 2)]}`,
  );
  assert.ok((lengths.at(-1) ?? 0) <= 250, `the longest has ${lengths.at(-1)}`);
});

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => file.endsWith('.ts') && !forTests.test(file));
}

function readSource(file: string): Source {
  const text = readFileSync(join(root, file), 'utf8');
  const imports = [
    ...text.matchAll(/^(?:import|export)\s+(type\s+)?[^'"]*?from\s+'([^']+)'|import\('([^']+)'\)/gm),
  ].map((match) => ({
    from: match[2] ?? match[3] ?? '',
    typeOnly: match[1] !== undefined,
  }));
  return { file, folder: file.split('/')[0] ?? '', text, imports };
}

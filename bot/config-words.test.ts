import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { UserError } from '#base/errors.ts';
import { generateKey } from '#guest/keys.ts';
import { parseConfig } from './config.ts';
import { everySettingOf } from './every-setting-for-tests.ts';

const { privateKey, publicKey } = generateKey('bot');
const least = {
  clusters: [
    {
      ...{ name: 'home', hosts: ['https://pve1.example.net:8006'], tls: 'system' },
      token: { id: 'botswain@pve!bot', secret: 'sesame-sesame' },
      storages: { disks: 'local-lvm', images: 'local', seeds: 'local' },
    },
  ],
  ssh: { privateKey },
};

const everySetting = everySettingOf(privateKey, publicKey);

test('what is wrong with a value is said with what may stand there', () => {
  const complaints = complaintsOf({
    ...least,
    web: { port: 'eighty', sighIn: 'key' },
    log: { level: 'wran' },
    people: { key: 'ana' },
    worker: { concurrency: 0 },
  });

  assert.match(complaints, /web\.port: must be a number, and is a text/);
  assert.match(complaints, /web: "sighIn" is no setting here/);
  assert.match(complaints, /log\.level: must be one of debug, info, warn, error, silent; did you mean warn\?/);
  assert.match(complaints, /people: must be a list, and is a section/);
  assert.match(complaints, /worker\.concurrency: must be (at least 1|more than 0)/);
});

test('a number and a switch may come from the environment', () => {
  const written = { ...least, web: { port: 'env:PORT' } };

  assert.equal(parseConfig(JSON.stringify(written), 'config.yaml', { PORT: '8090' }).web.port, 8090);
  assert.match(complaintsOf(written, { PORT: 'eighty' }), /web\.port: must be a number, and is a text/);
});

test('a section whose lines are all commented out is one that was left out', () => {
  const { web, sizes } = parseConfig(
    `${JSON.stringify(least).slice(0, -1)},"web":null,"sizes":null}`,
    'config.yaml',
    {},
  );

  assert.equal(web.port, 8080);
  assert.equal(sizes.small?.cpus, 1);
});

test('a line that is no YAML is named by its number, and not shown: a secret may stand in it', () => {
  const complaints = complaintsOf('redis: { url: "hunter2-hunter2\n  prefix: x');

  assert.match(complaints, /is not YAML: .*line \d/);
  assert.doesNotMatch(complaints, /hunter2/);
});

/** Words of libraries, of JavaScript, and of an error that nobody foresaw. */
const raw =
  /Invalid|Unrecognized|expected \w+, received|Too (small|big)|undefined|NaN|\[object|Error\b|Botswain made|is not a function|Cannot read/;

const example = parse(readFileSync(join(import.meta.dirname, '..', 'config.example.yaml'), 'utf8')) as object;

test('several documents, an unknown tag and a file that is not there are told in our words, and no line is shown', () => {
  const secret = complaintsOf('web: { secret: !vault hunter2-hunter2 }');

  assert.match(complaintsOf('a: 1\n---\nb: 2\n'), /it holds several documents, parted by ---; write one at line 2/);
  assert.match(secret, /is not YAML: Unresolved tag: !vault at line 1/);
  assert.doesNotMatch(secret, /hunter2/);
  assert.match(complaintsOf('web: *nope'), /is not YAML: Unresolved alias/);
  assert.match(
    complaintsOf({ ...least, web: { secret: 'file:/nope' } }),
    /web\.secret: file:\/nope can't be read: there is no such file/,
  );
});

test('no configuration ends in words that nobody here wrote, or in a mistake of ours', () => {
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom('env:NOPE', '$'.concat('{X}'), '<<', -1, '1e99', '__proto__'),
  );
  const change = fc.record({ seed: fc.nat(), value: odd, key: fc.string({ maxLength: 8 }), rename: fc.boolean() });

  fc.assert(
    fc.property(fc.constantFrom(example, least), change, (base, { seed, value, key, rename }) => {
      const complaints = complaintsOf(JSON.stringify(changed(base, seed, rename ? { key } : { value })));
      // A name that somebody wrote is shown as it is.
      assert.doesNotMatch(complaints.replaceAll(/"[^\n]*"/g, ''), raw);
    }),
    { numRuns: 300 },
  );
});

test('a configuration in which every setting is written has no fault', () => {
  assert.equal(complaintsOf(everySetting), '');
});

test('each setting that is missing, empty, of another kind or too large gets one complaint, in words', () => {
  const values = [undefined, null, '', 'Ü x!', -1, 0.5, 1e99, true, [], ['Ü'], [5], {}, { x: 1 }];
  for (const [index, place] of placesOf(everySetting).entries()) {
    // A third of them at each place, others at the next: some hundred configurations in all.
    for (const value of values.filter((_, at) => (at + index) % 3 === 0)) {
      const said = complaintsOf(JSON.stringify(put(everySetting, place, value)));
      const lines = said.split('\n').slice(1);
      const about = `${place.join('.')} = ${JSON.stringify(value)}: ${said}`;

      assert.doesNotMatch(said, raw, about);
      assert.equal(
        lines.filter((line) => line.startsWith(`  - ${place.join('.')}: must be a `)).length <= 1,
        true,
        about,
      );
      assert.doesNotMatch(
        said,
        /1 (characters|entries) long|9007199254740991|none of the ways|name that cannot/,
        about,
      );
      if (/: must be a (list|text|section), and is/.test(said)) assert.doesNotMatch(said, /nobody can be in/, about);
    }
  }
});

test('a value from the environment that is not there is said once', () => {
  const complaints = complaintsOf({ ...least, web: { secret: 'env:NOPE' } });

  assert.deepEqual(complaints.split('\n').slice(1), ['  - web.secret: the environment variable NOPE is not set']);
});

/** What is said of a configuration; empty when it is taken. Anything but a `UserError` is thrown on. */
function complaintsOf(written: object | string, environment: Readonly<Record<string, string>> = {}): string {
  try {
    parseConfig(typeof written === 'string' ? written : JSON.stringify(written), 'config.yaml', environment);
    return '';
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** A copy in which one place, chosen by the seed, has another value, or another name. */
function changed(base: unknown, seed: number, to: { readonly value?: unknown; readonly key?: string }): unknown {
  const places: { readonly holder: Record<string, unknown>; readonly key: string }[] = [];
  const copy = structuredClone(base);
  collect(copy);
  const { holder, key } = places[seed % places.length] ?? { holder: {}, key: '' };
  const before = holder[key];
  if (to.key === undefined) holder[key] = to.value;
  else if (!Array.isArray(holder)) {
    delete holder[key];
    Object.defineProperty(holder, to.key, { value: before, enumerable: true, configurable: true, writable: true });
  }
  return copy;

  function collect(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    const holder = value as Record<string, unknown>;
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      collect(holder[key]);
    }
  }
}

/** The places of all settings of a configuration, those of sections and lists too. */
function placesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [[...path, key], ...placesOf(one, [...path, key])]);
}

/** A copy that has another value at one place; none when it is undefined. */
function put(base: unknown, [key = '', ...rest]: readonly string[], value: unknown): unknown {
  const copy = (Array.isArray(base) ? [...base] : { ...(base as object) }) as Record<string, unknown>;
  copy[key] = rest.length === 0 ? value : put(copy[key], rest, value);
  return copy;
}

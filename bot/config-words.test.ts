import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { UserError } from '#base/errors.ts';
import { generateKey } from '#guest/keys.ts';
import { parseConfig } from './config.ts';

const { privateKey } = generateKey('bot');
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

test('no configuration ends in words that nobody here wrote, or in a mistake of ours', () => {
  const example = parse(readFileSync(join(import.meta.dirname, '..', 'config.example.yaml'), 'utf8')) as object;
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom('env:NOPE', '$'.concat('{X}'), '<<', -1, '1e99', '__proto__'),
  );
  const change = fc.record({ seed: fc.nat(), value: odd, key: fc.string({ maxLength: 8 }), rename: fc.boolean() });

  fc.assert(
    fc.property(fc.constantFrom(example, least), change, (base, { seed, value, key, rename }) => {
      const text = JSON.stringify(changed(base, seed, rename ? { key } : { value }));
      const raw = /Invalid (input|key|option|string|element)|Unrecognized|expected \w+, received|Too (small|big)/;
      assert.doesNotMatch(complaintsOf(text), raw);
    }),
    { numRuns: 300 },
  );
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

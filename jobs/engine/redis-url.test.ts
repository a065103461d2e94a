import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { explainRedisUrl, placeOf } from './redis-url.ts';

for (const url of [
  'redis://127.0.0.1:6379',
  'rediss://bot:p%23ss%2F@redis.lan:6380/3',
  'redis://:sesame@[::1]:6379',
  'redis://redis',
  '/run/redis/redis.sock',
]) {
  test(`${url} can be used`, () => assert.equal(explainRedisUrl(url), undefined));
}

for (const [url, complaint] of [
  ['127.0.0.1:6379', /^has no scheme; write redis:\/\/127/],
  ['redis.lan', /^has no scheme/],
  ['http://redis.lan:6379', /^begins with http:\/\/; it must be redis:\/\//],
  ['redis://:pa#ss@redis.lan:6379', /must be escaped.*%23/],
  ['redis://:pa/ss@redis.lan:6379', /must be escaped/],
  ['redis://:pa?ss@redis.lan:6379', /must be escaped/],
  ['redis://:p@ss@redis.lan:6379', /must be escaped/],
  ['redis://:100%@redis.lan:6379', /must be escaped/],
  ['redis://bot:a:b@redis.lan', /must be escaped/],
  ['redis://:%ff@redis.lan', /no UTF-8/],
  ['redis://', /^is no address/],
  ['redis://redis.lan:port', /^is no address/],
  ['redis://redis.lan:6379/main', /no number of a database/],
] as const) {
  test(`${url} is told apart`, () => assert.match(explainRedisUrl(url) ?? '', complaint));
}

test('no complaint shows a password, and what has none is an address', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 12 }), (password) => {
      const url = `redis://:${password}@redis.lan:6379`;
      const complaint = explainRedisUrl(url);
      if (complaint === undefined) assert.equal(placeOf(url), 'redis.lan:6379');
      else assert.ok(!complaint.includes(password));
    }),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { databaseOf, explainRedisUrl, placeOf } from './redis-url.ts';

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
  ['redis://:PASSWORD@redis.lan:6379', /^has a placeholder as its password/],
  ['rediss://bot:change-me-change-me@redis.lan', /^has a placeholder as its password/],
  ['redis://', /^is no address/],
  ['redis://redis.lan:port', /^is no address/],
  ['redis://redis.lan:6379/main', /no number of a database/],
  ['redis://redis.lan:6379?db=main', /no number of a database/],
  ['redis://redis.lan:6379/1?db=2', /names two databases, 1 and 2/],
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

for (const [url, database] of [
  ['redis://redis.lan:6379', 0],
  ['redis://redis.lan:6379/', 0],
  ['rediss://:sesame@redis.lan/3', 3],
  ['redis://redis.lan?db=4', 4],
  ['/run/redis/redis.sock', 0],
  ['/run/redis/redis.sock?db=2', 2],
] as const) {
  test(`${url} names database ${database}`, () => assert.equal(databaseOf(url), database));
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RemoteError } from '#base/errors.ts';
import { startRedis } from '../../test/redis.ts';
import { connectRedis, gated } from './redis.ts';

/** What somebody is told who asks a Redis at this address, at its second try too. */
async function told(url: string): Promise<RemoteError> {
  const redis = connectRedis(url, 'asking');
  const ask = () =>
    gated(redis, () => redis.get('x')).then(
      () => undefined,
      (error: unknown) => error,
    );
  try {
    const [, second] = [await ask(), await ask()];
    assert.ok(second instanceof RemoteError, String(second));
    return second;
  } finally {
    redis.disconnect();
  }
}

test('a wrong password, none, no TLS and an unknown host are told apart', async () => {
  await using locked = await startRedis();
  const owner = connectRedis(locked.url, 'asking');
  await gated(owner, () => owner.config('SET', 'requirepass', 'sesame'));
  owner.disconnect();
  const at = (server: { url: string }, credentials: string) => server.url.replace('://', `://${credentials}`);

  const errors = [
    await told(at(locked, ':wrong@')),
    await told(locked.url),
    await told(locked.url.replace('redis:', 'rediss:')),
    await told('redis://no-such-host.invalid'),
  ];

  assert.deepEqual(
    errors.map(({ outcome, message, hint }) => [
      outcome,
      `${message} ${hint}`.match(/refuses the user or|wants a password|without TLS|host name/)?.[0],
    ]),
    [
      ['permanent', 'refuses the user or'],
      ['permanent', 'wants a password'],
      ['passing', 'without TLS'],
      ['passing', 'host name'],
    ],
  );
});

test('what fails inside a script is told without its hash and lines', async () => {
  await using server = await startRedis(['--maxmemory', '1']);
  const redis = connectRedis(server.url, 'asking');

  const error = await gated(redis, () => redis.eval("return redis.call('SET', KEYS[1], '1')", 1, 'x')).catch(
    (one) => one,
  );
  redis.disconnect();

  assert.ok(error instanceof RemoteError);
  assert.equal(error.message, "OOM command not allowed when used memory > 'maxmemory'. Nothing was started.");
});

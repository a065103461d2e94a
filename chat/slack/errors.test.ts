import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { type RemoteError, UserError } from '#base/errors.ts';
import { DeliveryError } from '#chat/delivery-error.ts';
import { classified } from './errors.ts';
import { startError } from './start-error.ts';

const platform = (error: string, more: object = {}) => new WebAPIPlatformError({ ok: false, error, ...more });

const whys: readonly (readonly [string, string])[] = [
  ['message_not_found', 'gone'],
  ['edit_window_closed', 'sealed'],
  ['cant_update_message', 'sealed'],
  ['is_archived', 'closed'],
  ['not_in_channel', 'closed'],
  ['channel_not_found', 'closed'],
  ['restricted_action_read_only_channel', 'closed'],
  ['msg_blocks_too_long', 'refused'],
  ['invalid_blocks', 'refused'],
  ['missing_scope', 'refused'],
  ['ratelimited', 'busy'],
];

for (const [code, why] of whys) {
  test(`${code} is told apart as ${why}`, () => {
    const error = classified(platform(code));

    assert.ok(error instanceof DeliveryError);
    assert.equal(error.why, why);
  });
}

test('a 429 says how long to wait', () => {
  const error = classified(new WebAPIRateLimitedError(7));

  assert.ok(error instanceof DeliveryError && error.why === 'busy');
  assert.equal(error.retryAfterMs, 7000);
});

test('what never reached Slack passes; what may have, is unknown', () => {
  const refused = new WebAPIRequestError(new Error('fetch failed', { cause: { code: 'ECONNREFUSED' } }));
  const cut = new WebAPIRequestError(new Error('fetch failed', { cause: { code: 'ECONNRESET' } }));
  const failing = new WebAPIHTTPError(503, 'Service Unavailable', {});

  const outcomes = [refused, cut, failing].map((error) => (classified(error) as RemoteError).outcome);

  assert.deepEqual(outcomes, ['passing', 'unknown', 'unknown']);
});

test('a missing scope is named, with what it is for and where to add it', () => {
  const error = classified(platform('missing_scope', { needed: 'files:write' }));

  assert.match(String(error), /files:write \(logs as files\).*OAuth & Permissions.*reinstall/);
});

test('a wrong token at the start names which one and where to find it', () => {
  const bot = startError(platform('invalid_auth'), 'bot');
  const app = startError(platform('invalid_auth'), 'app');

  assert.ok(bot instanceof UserError && app instanceof UserError);
  assert.match(`${bot.message} ${bot.hint}`, /slack\.botToken.*OAuth & Permissions/);
  assert.match(`${app.message} ${app.hint}`, /slack\.appToken.*Basic Information/);
});

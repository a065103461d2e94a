import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { isPlaceholder } from './placeholder.ts';

for (const text of [
  'change-me-change-me',
  'CHANGEME',
  'replace_me',
  'xoxb-...',
  'xoxb-your-token-here',
  'xapp-your-app-token',
  '00000000-0000-0000-0000-000000000000',
  'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx',
  '12345678-1234-1234-1234-123456789abc',
  '<token>',
  'your-secret-key',
  'example-secret-of-ana',
  'aaaaaaaaaaaaaaaaaaaa',
  'AAAA…',
  'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
  'your.discord.token.goes.here',
]) {
  test(`${text} is a placeholder`, () => assert.ok(isPlaceholder(text)));
}

test('what was made at random is none', () => {
  const made = Array.from({ length: 500 }, () => [randomUUID(), randomBytes(24).toString('base64url')]).flat();

  assert.deepEqual(made.filter(isPlaceholder), []);
});

test('a phrase of some words is none', () => {
  assert.ok(!isPlaceholder('correct horse battery staple'));
});

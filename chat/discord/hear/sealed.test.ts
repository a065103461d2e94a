import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sealWith } from './sealed.ts';

test('what one gateway seals another one of the same bot opens, and nobody else', () => {
  const sealed = sealWith('bot-token').seal('interaction-token');

  assert.ok(!sealed.includes('interaction'));
  assert.equal(sealWith('bot-token').open(sealed), 'interaction-token');
  assert.equal(sealWith('another-token').open(sealed), undefined);
});

test('what was changed, or is no such thing, is not opened', () => {
  const { seal, open } = sealWith('bot-token');
  const sealed = seal('interaction-token');

  assert.equal(open(`${sealed.slice(0, -2)}AA`), undefined);
  for (const text of ['', 'x', 'interaction-token']) assert.equal(open(text), undefined);
});

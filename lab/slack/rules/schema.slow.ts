import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { makeSchema, schemaFile } from '../make-schema.ts';

test('the schema is what Slack’s own types say now; else run lab/slack/make-schema.ts', () => {
  const written = readFileSync(schemaFile, 'utf8');

  const made = makeSchema();

  assert.ok(made === written, 'rules/slack-types.schema.json is out of date');
});

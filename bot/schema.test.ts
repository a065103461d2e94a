import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { generateKey } from '#guest/keys.ts';
import { parseConfig } from './config.ts';
import { configSchema } from './schema.ts';

const root = resolve(import.meta.dirname, '..');

test('the schema for editors is that of the program (`node bot/main.ts schema > config.schema.json`)', () => {
  assert.equal(readFileSync(join(root, 'config.schema.json'), 'utf8'), configSchema());
});

test('the example is a configuration once its blanks are filled in', () => {
  const text = readFileSync(join(root, 'config.example.yaml'), 'utf8')
    .replace('AA:BB:CC:…', Array(32).fill('AB').join(':'))
    .replace('ssh-ed25519 AAAA… ana@example.net', generateKey('ana').publicKey)
    .replace('file:/etc/botswain/id_ed25519', 'env:KEY');
  const environment = {
    PVE_TOKEN_SECRET: '0b7f3c2e-51c4-4a53-9d0e-7f7f1f0c9a11',
    KEY: generateKey('bot').privateKey,
    ACCESS_KEY_ANA: 'lCv0uHq9Zt3mW1pR',
    ACCESS_KEY_BEN: 'Yx7sKd2GbN5eJ8aQ',
    WEB_SECRET: 'fT4oPi6LwV0rUz9M',
  };

  const config = parseConfig(text, 'config.example.yaml', environment);

  assert.deepEqual(
    Object.keys(parse(text)).filter((name) => !(name in config)),
    [],
  );
});

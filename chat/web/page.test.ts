import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readConsole } from './page-files.ts';

const folder = new URL('./page/', import.meta.url);
const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');

test('every file that the page asks for is served, and every file that is served is asked for', () => {
  const named = [...read('index.html').matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path);
  const imported = scripts.flatMap((name) =>
    [...read(name).matchAll(/from '(?:\.|\.\.\/\.\.\/\.\.)(\/[^']+)'/g)].map(([, path]) => path),
  );

  const asked = new Set(['/', ...named, ...imported]);

  assert.deepEqual([...readConsole().keys()].sort(), [...asked].sort());
});

test('the page never makes markup out of text', () => {
  const wrong = scripts.filter((name) =>
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b/.test(read(name)),
  );

  assert.deepEqual(wrong, []);
});

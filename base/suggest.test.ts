import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suggest } from './suggest.ts';

const verbs = ['create', 'list', 'show', 'start', 'stop', 'reboot', 'resize', 'destroy'];

for (const [word, meant] of [
  ['stpo', 'stop'],
  ['lsit', 'list'],
  ['Craete', 'create'],
  ['stat', 'start'],
  ['dest', 'destroy'],
  ['shop', 'show'],
  ['frob', undefined],
  ['pots', undefined],
] as const) {
  test(`"${word}" ${meant === undefined ? 'means nothing known' : `probably means ${meant}`}`, () => {
    assert.equal(suggest(word, verbs), meant);
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ms, spell } from './duration.ts';

for (const [text, length] of [
  ['250ms', 250],
  ['15s', 15_000],
  ['1.5m', 90_000],
  ['2h', 7_200_000],
  ['3d', 259_200_000],
] as const) {
  test(`${text} is ${length} ms`, () => {
    assert.equal(ms(text), length);
  });
}

test('what is no length of time is named', () => {
  assert.throws(() => ms('soon'), /"soon" is not a length of time/);
});

for (const [length, text] of [
  [400, '0.4 s'],
  [38_000, '38 s'],
  [72_000, '1 min 12 s'],
  [119_600, '2 min'],
  [7_500_000, '2 h 5 min'],
] as const) {
  test(`${length} ms is spelled ${text}`, () => {
    assert.equal(spell(length), text);
  });
}

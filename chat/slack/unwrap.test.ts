import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asLine, unwrap } from './unwrap.ts';

const typed: readonly (readonly [string, string])[] = [
  ['create &lt;web&gt; &amp; co', 'create <web> & co'],
  ['show <http://web.example.com|web.example.com>', 'show web.example.com'],
  ['show <https://web.example.com/a>', 'show https://web.example.com/a'],
  ['<mailto:ana@example.com|ana@example.com>', 'ana@example.com'],
  ['give <@U0ANA|ana> to <@U0BEN>', 'give @ana to @Ben'],
  ['in <#C0OPS|ops>', 'in #ops'],
  ['<!subteam^S0OPS|@ops> and <!here>', '@ops and @here'],
  ['`vm create k8s-dev medium`', 'vm create k8s-dev medium'],
  ['vm create\n  k8s-dev', 'vm create k8s-dev'],
  ['*vm list*', 'vm list'],
  ['_*vm list*_', 'vm list'],
  ['~vm list~', 'vm list'],
  [' vm list*', 'vm list'],
  ['vm show *web*', 'vm show web'],
  ['vm show `web` --x', 'vm show web --x'],
  ['```vm list```', 'vm list'],
  ['&gt; vm list', 'vm list'],
  ['&gt;vm list', 'vm list'],
  ['• vm list', 'vm list'],
  ['- vm list', 'vm list'],
  ['1. vm list', 'vm list'],
  ['• *vm list*', 'vm list'],
  ['vm create web --dns 1.1.1.1 --dry-run', 'vm create web --dns 1.1.1.1 --dry-run'],
  ['job show r-a_b', 'job show r-a_b'],
];

for (const [slack, words] of typed) {
  test(`${JSON.stringify(slack)} becomes ${words}`, () => {
    assert.equal(
      unwrap(slack, (user) => (user === 'U0BEN' ? 'Ben' : undefined)),
      words,
    );
  });
}

test('a line has one slash, and an empty one asks for help', () => {
  assert.deepEqual(['vm list', '/vm list', '/ vm list', ''].map(asLine), ['/vm list', '/vm list', '/vm list', '/help']);
});

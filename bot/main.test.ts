import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { entry } from '../test/up.ts';

test('a port that is none is refused, and nothing is started', () => {
  for (const port of ['abc', '70000', '-1', '']) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [entry, 'up', '--sim', `--port=${port}`], {
      encoding: 'utf8',
      timeout: 20_000,
    });

    assert.equal(stderr, `--port must be a number up to 65535, and is "${port}".\n→ ./botswain help\n`);
    assert.deepEqual([status, stdout], [78, '']);
  }
});

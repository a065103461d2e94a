import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { mainJobInBrowser } from '../browser-story.ts';
import { startUp } from '../up.ts';

test('in a browser: a VM is created by typing and clicking, and destroyed after a second person’s approval', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'botswain-browser-'));
  const up = await startUp(stateDir);

  await mainJobInBrowser(up.url, join(stateDir, 'pictures'), 60_000);

  const violations = await up.violations();
  up.child.kill('SIGINT');
  await up.exited;
  rmSync(stateDir, { recursive: true });
  assert.deepEqual(violations, []);
});

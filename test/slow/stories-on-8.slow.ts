import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { environment } from '#bot/environment.ts';

const root = resolve(import.meta.dirname, '..', '..');

// The fast tests play them on 9.2.
test('every story is the same on Proxmox 8.4', async () => {
  const how = ['--test', '--test-isolation=none', '--test-force-exit', '--test-timeout=240000', '--test-reporter=tap'];
  // Node takes it for a part of this test run otherwise, and plays nothing.
  const { NODE_TEST_CONTEXT: _, ...env } = environment();
  const child = spawn(process.execPath, [...how, 'test/stories/*.test.ts'], {
    cwd: root,
    env: { ...env, LAB_PROFILE: '8.4' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });

  const said = await text(child.stdout);

  const failed = said.match(/^ *not ok .*$/gm) ?? [];
  assert.deepEqual(failed, []);
  assert.ok(Number(/^# pass (\d+)/m.exec(said)?.[1]) > 70, said.slice(-2_000));
});

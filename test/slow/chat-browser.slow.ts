import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { mainJobInChat } from '../chat-browser-story.ts';
import { chatPages, startUp } from '../up.ts';

test('the main job in a browser, as people of the emulated Slack and Discord do it', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'botswain-chat-'));
  const up = await startUp(stateDir, ['--chat']);
  try {
    await mainJobInChat(chatPages(up.said()), join(stateDir, 'pictures'), 60_000);
    assert.deepEqual(await up.violations(), []);
  } finally {
    up.child.kill('SIGINT');
    await up.exited;
    rmSync(stateDir, { recursive: true, force: true });
  }
  assert.equal(up.child.exitCode, 0);
});

import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { boundConsole, readConsole } from './console-log.ts';

test('a long console is cut short and keeps its newest bytes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'console-'));
  const file = join(folder, 'console.log');
  await appendFile(file, `${'x'.repeat(3 * 1024 ** 2)}before\n`);

  await boundConsole(file);
  await appendFile(file, 'after\n');

  const text = await readConsole(file);
  assert.ok(text.endsWith('before\nafter\n'));
  assert.ok(text.length <= 512 * 1024);
  assert.equal((await stat(file)).size, 6);
  await rm(folder, { recursive: true });
});

test('a machine without a serial port has an empty console', async () => {
  assert.equal(await readConsole('/nowhere/console.log'), '');
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { test } from 'node:test';

test('the emulated chat ends when it is told to, though whoever started it keeps its stdin open', async () => {
  const entry = resolve(import.meta.dirname, 'chat.ts');
  const child = spawn(process.execPath, [entry, '--with-parent'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');

  child.kill('SIGTERM');
  const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(10_000) }).finally(() =>
    child.kill('SIGKILL'),
  );

  assert.equal(code, 0);
});

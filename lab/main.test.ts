import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

test('the lab says in JSON when it is ready, and ends when its parent does', async () => {
  const main = new URL('./main.ts', import.meta.url).pathname;
  const lab = spawn(process.execPath, [main, '--with-parent'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: lab.stdout });

  const [line] = (await once(lines, 'line')) as [string];
  lab.stdin.end();
  const [code] = (await once(lab, 'exit')) as [number];

  const ready = JSON.parse(line) as Record<string, { url?: string; id?: string }>;
  assert.equal(ready.ready, true);
  assert.equal(ready.token?.id, 'botswain@pve!lab');
  assert.equal(code, 0);
});

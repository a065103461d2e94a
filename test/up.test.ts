import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openConsole } from './console.ts';
import { entry, startUp } from './up.ts';

/** The processes that still use this state folder. */
function left(stateDir: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(stateDir) && !line.includes('ps -eo'));
}

test('`up --sim` starts everything, comes back after a killed worker, and leaves nothing when it is stopped', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'botswain-up-'));
  const up = await startUp(stateDir);
  await using ana = await openConsole(up.url, 'ana');

  const second = spawnSync(process.execPath, [entry, 'up', '--sim', '--state', stateDir], { encoding: 'utf8' });
  const worker = left(stateDir).find((line) => line.includes('main.ts worker'));
  process.kill(Number(worker?.trim().split(' ')[0]), 'SIGKILL');
  await ana.type('/vm create k8s-dev small');
  await ana.until(/There is no template/, 20_000);
  const before = left(stateDir).length;
  up.child.kill('SIGINT');
  const code = await up.exited;

  assert.equal(second.status, 78);
  assert.match(second.stderr, /Another `botswain up` \(process \d+\) uses/);
  assert.match(up.said(), /worker ended by SIGKILL; starting it again/);
  assert.ok(before >= 4, `${before} processes`);
  assert.equal(code, 0);
  assert.deepEqual(left(stateDir), []);
  rmSync(stateDir, { recursive: true });
});

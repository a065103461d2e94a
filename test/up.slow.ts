import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { openConsole, textOf } from './console.ts';
import { freePort } from './redis.ts';
import { untilTrue } from './setting.ts';
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
  const violations = await up.violations();
  up.child.kill('SIGINT');
  const code = await up.exited;

  assert.deepEqual(violations, []);
  assert.equal(second.status, 78);
  assert.match(second.stderr, /Another `botswain up` \(process \d+\) uses/);
  assert.match(up.said(), /worker ended by SIGKILL; starting it again/);
  assert.ok(before >= 4, `${before} processes`);
  assert.equal(code, 0);
  assert.deepEqual(left(stateDir), []);
  rmSync(stateDir, { recursive: true });
});

test('`up` starts a killed Redis and a killed gateway again: nothing is forgotten, and nobody is signed out', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'botswain-up-'));
  const up = await startUp(stateDir, ['--port', String(await freePort())]);
  await using ana = await openConsole(up.url, 'ana', 'ops', () => {});
  await ana.type('/vm create k8s-dev small');
  await ana.until(/There is no template/, 20_000);

  process.kill(Number(readFileSync(join(stateDir, 'redis', 'redis.pid'), 'utf8')), 'SIGKILL');
  await untilTrue(() => up.said().includes('redis-server ended by SIGKILL; starting it again'));
  const gateway = left(stateDir).find((line) => line.includes('main.ts gateway'));
  process.kill(Number(gateway?.trim().split(' ')[0]), 'SIGKILL');
  let home = '';
  while (!home.includes('Your jobs')) {
    home = await ana.home().then(textOf, () => '');
    await setTimeout(100);
  }
  const violations = await up.violations();
  up.child.kill('SIGINT');
  await up.exited;

  assert.deepEqual(violations, []);
  assert.match(home, /\/vm create k8s-dev small/);
  assert.deepEqual(left(stateDir), []);
  rmSync(stateDir, { recursive: true });
});

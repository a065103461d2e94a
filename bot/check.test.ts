import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { entry, startUp } from '../test/up.ts';
import { environment } from './environment.ts';

test('`check` before `up`, as the README has it: no Redis is named, and that is no fault', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'botswain-check-'));
  const up = await startUp(folder);
  const written = parse(readFileSync(join(folder, 'lab-config.yaml'), 'utf8'));
  const check = (redis: object) => {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, JSON.stringify({ ...written, redis }));
    const { REDIS_URL: _, ...env } = environment();
    return spawnSync(process.execPath, [entry, 'check', '--config', file], { encoding: 'utf8', env });
  };

  const unnamed = check({});
  const named = check({ url: 'redis://127.0.0.1:1' });
  up.child.kill('SIGINT');
  await up.exited;
  rmSync(folder, { recursive: true });

  assert.match(
    unnamed.stdout,
    /^[✓–] Redis: no Redis is named \(redis\.url, REDIS_URL\), so `\.\/botswain up` starts its own/m,
  );
  assert.doesNotMatch(unnamed.stdout, /✗ Redis/);
  assert.match(named.stdout, /^✗ Redis at 127\.0\.0\.1:1: /m);
  assert.equal(named.status, 1);
  assert.match(unnamed.stdout, /^✓ Proxmox lab, Storage for disks: nas takes images on pve1, pve2, shared by all\.$/m);
  assert.match(
    unnamed.stdout,
    /^! Proxmox lab, Templates: lab-debian is not built\.\n {4}\/template build lab-debian$/m,
  );
  const bad = unnamed.stdout.match(/^✗/gm)?.length ?? 0;
  assert.equal(unnamed.status, bad === 0 ? 0 : 1);
});

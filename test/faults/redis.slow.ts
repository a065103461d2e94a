import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '../child.ts';
import { startRedis } from '../redis.ts';
import { startPuppet } from './puppet.ts';
import { scenarios } from './scenarios.ts';
import { playScene } from './scene.ts';
import { openStage } from './stage.ts';

const [create] = scenarios;
assert.ok(create);

test('R-full: a disk that is really full: Redis ends itself, and the run goes on when there is space and it is started again', async (t) => {
  const place = await mkdtemp(join(tmpdir(), 'botswain-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', place], { stdio: 'ignore' });
  } catch {
    return t.skip('only root can make a small disk');
  }
  try {
    await using stage = await openStage({ ownRedis: ['--appendfsync', 'always'], place });
    const { server } = stage;
    assert.ok(server);
    const filler = join(place, 'filler');
    const violations = await playScene(stage, { scenario: create }, async ({ use, later }) => {
      let isFull = false;
      use(
        await startPuppet(stage.config, (site) => {
          if (site !== 'after clone template/intent' || isFull) return;
          isFull = true;
          fill(filler);
          later(600, async () => {
            rmSync(filler);
            await server.kill();
            await server.restart();
          });
        }),
      );
    });

    assert.deepEqual(violations, []);
  } finally {
    execFileSync('umount', ['-l', place]);
    rmSync(place, { recursive: true, force: true });
  }
});

function fill(file: string): void {
  try {
    execFileSync('dd', ['if=/dev/zero', `of=${file}`, 'bs=4k'], { stdio: 'ignore' });
  } catch {
    // It ends when the disk is full, which is what is wanted.
  }
}

test('R-cfg: a worker and a gateway refuse a Redis that would lose work, and name each setting', async () => {
  await using bad = await startRedis(['--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru']);
  await using stage = await openStage();
  const written = JSON.parse(await readFile(stage.configFile, 'utf8')) as { redis: object };
  await writeFile(
    stage.configFile,
    JSON.stringify({ ...written, redis: { ...written.redis, url: bad.url, unsafe: 'refuse' } }),
  );

  for (const part of ['worker', 'gateway'] as const) {
    await assert.rejects(
      startChild(part, stage.configFile),
      /would lose work:\n.*appendonly is no.*\n.*maxmemory-policy is allkeys-lru/,
    );
  }
});

test('K-all: when every worker is away for a while, a run goes on as soon as one is back', async () => {
  await using stage = await openStage();
  const violations = await playScene(stage, { scenario: create }, async ({ use, later }) => {
    const mortal = await startPuppet(stage.config, (site) =>
      site === 'after boot vm/saved' ? mortal.die() : undefined,
    );
    use(mortal);
    later(4_000, async () => use(await startPuppet(stage.config, () => undefined)));
  });

  assert.deepEqual(violations, []);
});

test('K-loop: a step at which every worker dies is left to a person after three of them, and goes on when one says so', async () => {
  await using stage = await openStage();
  const violations = await playScene(stage, { scenario: create, helps: 1 }, async ({ use, later, play }) => {
    let deaths = 0;
    const start = async () => {
      const mortal = await startPuppet(stage.config, (site) => {
        if (site !== 'before boot vm/effect' || deaths >= 3) return undefined;
        deaths += 1;
        later(0, start);
        return mortal.die();
      });
      use(mortal);
    };
    await start();
    later(0, async () => {
      while (play.helped() === 0) await sleep(50);
      assert.equal(deaths, 3);
    });
  });

  assert.deepEqual(violations, []);
});

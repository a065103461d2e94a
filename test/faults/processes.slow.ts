import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Child, startChild } from '../child.ts';
import { isStopped, type Strike, startActor } from './actor.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { playScene, type Scene } from './scene.ts';
import { openStage, type Stage } from './stage.ts';

const struck: readonly Pick<Strike, 'site'>[] = [
  { site: 'after run/claim' },
  { site: 'before claims vmid' },
  { site: 'after run/planned' },
  { site: 'after clone template/intent' },
  { site: 'after proxmox POST /nodes/{}/qemu/{}/clone' },
  { site: 'after clone template/saved' },
  { site: 'before clone template/result' },
  { site: 'after proxmox PUT /nodes/{}/qemu/{}/config' },
  { site: 'after proxmox POST /nodes/{}/qemu/{}/status/start' },
  { site: 'before boot vm/result' },
  { site: 'after ssh login' },
  { site: 'after run/result' },
  { site: 'before run/finish' },
];
const undone = ['before run/undoing', 'after clone template/undo intent', 'after proxmox DELETE /nodes/{}/qemu/{}'];
const removed = ['after halt vm/saved', 'before proxmox DELETE /nodes/{}/qemu/{}', 'before delete vm/result'];

const scenario = (name: string): Scenario => {
  const found = scenarios.find((one) => one.name === name);
  if (!found) throw new Error(`There is no scenario "${name}".`);
  return found;
};

/** A process as a scene ends it. */
const leaving = (child: Child) => ({ leave: () => child.kill() });

describe('a worker process', () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(() => stage[Symbol.asyncDispose]());

  const heir = async ({ use }: Scene) => use(leaving(await startChild('worker', stage.configFile)));
  const hit = (strike: Strike, then: (scene: Scene, actor: Child) => Promise<void>) => async (scene: Scene) => {
    const actor = await startActor(stage.configFile, strike);
    scene.use(leaving(actor));
    scene.later(0, () => then(scene, actor));
  };

  const kills = [
    ...struck.map(({ site }) => ['create', site] as const),
    ...undone.map((site) => ['create that fails', site] as const),
    ...removed.map((site) => ['destroy, approved', site] as const),
  ];
  for (const [name, site] of kills) {
    test(`K: kill -9 of the process ${site} (${name})`, async () => {
      const violations = await playScene(
        stage,
        { scenario: scenario(name) },
        hit({ site, how: 'SIGKILL' }, async (scene, actor) => {
          assert.equal(await actor.ended, 'SIGKILL');
          await heir(scene);
        }),
      );

      assert.deepEqual(violations, []);
    });
  }

  for (const { site } of struck.filter((_, at) => at % 2 === 1)) {
    test(`Z: SIGSTOP past the lease, then SIGCONT ${site}`, async () => {
      const violations = await playScene(
        stage,
        { scenario: scenario('create') },
        hit({ site, how: 'SIGSTOP' }, async (scene, actor) => {
          assert.ok(await isStopped(actor, 10_000));
          await heir(scene);
          scene.later(1_600, () => actor.signal('SIGCONT'));
          // Long enough for the one that woke up to do harm.
          scene.later(2_200, () => undefined);
        }),
      );

      assert.deepEqual(violations, []);
    });
  }

  for (const site of [
    'after clone template/intent',
    'after proxmox POST /nodes/{}/qemu/{}/clone',
    'before run/finish',
  ]) {
    test(`Z-loop: nothing at all happens in the process for longer than the lease ${site}`, async () => {
      const violations = await playScene(
        stage,
        { scenario: scenario('create') },
        hit({ site, how: 2_000 }, async (scene) => {
          await scene.play.untilClaimed();
          await heir(scene);
          // Long enough for the one that woke up to do harm.
          scene.later(2_500, () => undefined);
        }),
      );

      assert.deepEqual(violations, []);
    });
  }
});

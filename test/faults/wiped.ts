import { setTimeout as sleep } from 'node:timers/promises';
import { makeKeys } from '#jobs/engine/keys.ts';
import { readMarker } from '#proxmox/marker.ts';
import { checkCalls, checkEffects, checkForeign, type Played } from './invariants.ts';
import { openPlay, type Play } from './play.ts';

/** A worker whose lease is gone has noticed it by then, and its last call has come through, ms. */
const noticedMs = 1_200;
/** So long nothing new may begin, ms. */
const quietMs = 300;

/**
 * Redis has lost the runs for good, and with them every promise about them. What still holds, in the lab: who was at one stops; whatever was made carries its marker, so that people find it; nothing
 * else has changed; and new work goes well.
 */
export async function checkWiped(play: Play, played: Pick<Played, 'since' | 'repeats'>): Promise<string[]> {
  const { stage } = play;
  const { lab } = stage;
  // What of Proxmox refused in the story is well again: somebody may have typed its line once more.
  lab.faults.length = 0;
  await sleep(noticedMs);
  const wrong = await checkOpen(play);
  await lab.cluster.tasks.settle();
  const before = lab.cluster.tasks.all().length;
  await sleep(quietMs);
  const begun = lab.cluster.tasks.all().slice(0, -before || undefined);
  if (lab.cluster.tasks.all().length > before)
    wrong.push(`R-wipe: somebody goes on with a lost run: ${begun.map(({ type, id }) => `${type} ${id}`).join(', ')}.`);
  const unmarked = lab.state.guests.filter(
    ({ vmid, config }) => !stage.isForeign(vmid) && !readMarker(config.description ?? ''),
  );
  for (const { vmid } of unmarked) wrong.push(`I2: VM ${vmid} has no marker.`);
  wrong.push(...checkEffects(stage, played), ...checkForeign(stage));
  const fresh = openPlay(stage, `${play.name}-after`, 0);
  const run = await fresh.command(`/vm create ${fresh.name} medium --build-template`);
  if (run.state !== 'done') wrong.push(`R-wipe: new work does not go on: ${run.state} ${JSON.stringify(run.failure)}`);
  return [...wrong, ...checkCalls(stage)];
}

/** What was typed once more since ends too. */
async function checkOpen({ stage, ask }: Play): Promise<string[]> {
  const { open } = makeKeys(stage.prefix);
  const end = performance.now() + 20_000;
  for (;;) {
    const runs = await ask(() => stage.redis.zrange(open, '0', '-1'));
    const states = await Promise.all(runs.map(async (run) => (await ask(() => stage.runs.read(run)))?.state));
    const moving = states.filter((state) => state !== 'kept' && state !== 'asking');
    if (moving.length === 0) return [];
    if (performance.now() > end) return [`I1: after 20 s there are runs that are ${moving.join(', ')}.`];
    await sleep(20);
  }
}

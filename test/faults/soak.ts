import { setTimeout as sleep } from 'node:timers/promises';
import { endedStates, type RunRecord } from '#jobs/engine/record.ts';
import { seeded } from './case.ts';
import type { Fault } from './faults.ts';
import { checkInvariants } from './invariants.ts';
import { everyFault } from './matrix.ts';
import { openPlay, type Play } from './play.ts';
import { type Puppet, startPuppet } from './puppet.ts';
import { openStage } from './stage.ts';

export interface Soaked {
  runs: number;
  /** How many runs ended in each state. */
  readonly ends: Map<string, number>;
  /** How often each fault struck. */
  readonly struck: Map<string, number>;
  readonly violations: string[];
}

const roundMs = 20_000;
const workers = 3;
const atOnce = 6;
/** Of all the sites that are passed. */
const shareStruck = 0.012;

/** Many runs at once, with random faults at random sites, in rounds of 20 s, each of which is then left to come to its end and looked at. */
export async function soak(minutes: number, seed: number, say: (line: string) => void): Promise<Soaked> {
  const soaked: Soaked = { runs: 0, ends: new Map(), struck: new Map(), violations: [] };
  const until = performance.now() + minutes * 60_000;
  for (let round = 1; performance.now() < until; round++) {
    await playRound(soaked, seed + round, Math.min(roundMs, until - performance.now()));
    const faults = [...soaked.struck.values()].reduce((sum, times) => sum + times, 0);
    say(`round ${round}: ${soaked.runs} runs, ${faults} faults, ${soaked.violations.length} violations so far`);
  }
  return soaked;
}

async function playRound(soaked: Soaked, seed: number, lengthMs: number): Promise<void> {
  const random = seeded(seed);
  await using stage = await openStage({ ownRedis: ['--appendfsync', 'always'] });
  const since = { audit: '0', tasks: stage.lab.cluster.tasks.all().length };
  const crew: Puppet[] = [];
  const pending: Promise<unknown>[] = [];
  const person = openPlay(stage, 'somebody', 0);
  let isOver = false;

  const startWorker = async (isSafe: boolean): Promise<void> => {
    const puppet: Puppet = await startPuppet(stage.config, (site) => {
      if (isSafe || isOver || random() > shareStruck) return undefined;
      const fault = oneOf(fitting(site), random);
      if (!fault) return undefined;
      count(soaked.struck, fault.name);
      const later = (ms: number, act: () => unknown) => void pending.push(sleep(ms).then(act));
      const startHeir = () => startWorker(false);
      return fault.strike({ play: person, puppet, site, random, startHeir, later });
    });
    crew.push(puppet);
  };
  for (let i = 0; i < workers; i++) await startWorker(false);

  const plays: Play[] = [];
  const ended: RunRecord[] = [];
  const began = performance.now();
  const lane = async () => {
    while (performance.now() - began < lengthMs) {
      const play = openPlay(stage, `vm-${plays.length + 1}`, 30, 120_000);
      plays.push(play);
      try {
        ended.push(await act(play, random()));
      } catch (error) {
        soaked.violations.push(`I1: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  const lanes = Promise.all(Array.from({ length: atOnce }, lane));
  await sleep(lengthMs);
  isOver = true;
  while (pending.length > 0) await pending.shift();
  for (let i = 0; i < 2; i++) await startWorker(true);
  await lanes;

  const runs = await Promise.all(ended.map(async (run) => (await person.ask(() => stage.runs.read(run.id))) ?? run));
  const requests = new Map(plays.flatMap((play) => [...play.requests]));
  const ends = new Set<string>([...endedStates, 'kept']);
  soaked.violations.push(...(await checkInvariants(stage, { requests, runs, ends, since })));
  soaked.runs += runs.length;
  for (const { state } of runs) count(soaked.ends, state);
  await Promise.all(crew.map((puppet) => puppet.leave()));
}

/** Mostly a create; sometimes one that is kept when it fails, or the removal of a VM. */
async function act(play: Play, dice: number): Promise<RunRecord> {
  const size = '--cpus 1 --memory 256M';
  if (dice < 0.6) return play.command(`/vm create ${play.name} ${size}`);
  if (dice < 0.75) return rolledBack(play, `/vm create ${play.name} ${size} --keep`);
  await play.stage.addVm(play.name);
  const id = await play.type(`/vm destroy ${play.name}`);
  await (dice < 0.9 ? play.approve(id) : play.reject(id));
  return play.ended(id);
}

async function rolledBack(play: Play, line: string): Promise<RunRecord> {
  const run = await play.command(line);
  if (run.state !== 'kept') return run;
  await play.ask(() => play.stage.runs.rollBack(run.id, play.ana));
  return play.ended(run.id);
}

/** Those that cut off what Redis was given are left out: they would take back what people decided in other runs. */
function fitting(site: string): Fault[] {
  return everyFault.filter((fault) => fault.fits(site) && !fault.notice);
}

function oneOf<T>(list: readonly T[], random: () => number): T | undefined {
  return list[Math.floor(random() * list.length)];
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

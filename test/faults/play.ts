import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeKeys } from '#jobs/engine/keys.ts';
import { endedStates, type RunRecord, type RunState } from '#jobs/engine/record.ts';
import { type ConsoleUser, openConsole, textOf } from '../console.ts';
import { aofOf } from './aof.ts';
import type { Stage } from './stage.ts';

/** One case while it is played: what people do in it, with the patience that people have when something is away. */
export interface Play {
  readonly stage: Stage;
  /** The VM's name; every case has its own. */
  readonly name: string;
  readonly ana: { readonly key: string; readonly name: string };
  /** Request key → the runs that it was answered with. */
  readonly requests: Map<string, string[]>;
  /** Types a line, twice in the same breath, until it is taken; answers its run. */
  type(line: string): Promise<string>;
  /** {@link type}, and then {@link ended}. */
  command(line: string): Promise<RunRecord>;
  /** Ben presses the button of a question. */
  approve(run: string): Promise<void>;
  reject(run: string): Promise<void>;
  /** Ana presses a button on the run's card until it counts. */
  press(run: string, label: string, counts: (now: RunRecord) => boolean): Promise<void>;
  /** Until an answer comes. */
  ask<T>(act: () => Promise<T>): Promise<T>;
  /** How much Redis had on its disk when the last decision was acknowledged, bytes; 0 when there was none. Waits for one that is being made. */
  decided(): Promise<number>;
  untilState(run: string, states: readonly RunState[]): Promise<RunRecord>;
  untilStep(run: string, step: string): Promise<void>;
  /** Until a worker speaks for a run. */
  untilClaimed(): Promise<void>;
  /** Until nothing more will happen without a person. A run that is stuck is tried again by one, as often as `helps` says. */
  ended(run: string): Promise<RunRecord>;
  /** How often somebody had to help. */
  readonly helped: () => number;
  /** All runs are about to be lost for good: nobody waits for one any more. */
  loseRuns(): Promise<void>;
  readonly lost: ReadonlySet<string>;
}

/** What somebody waits for is lost. */
export class LostRun extends Error {
  override readonly name = 'LostRun';
}

/** `helps`: how often somebody tries a run again that is stuck. After `limitMs` people have had enough. */
export function openPlay(stage: Stage, name: string, helps: number, limitMs = 20_000): Play {
  const keys = makeKeys(stage.prefix);
  const ana = { key: 'ana', name: 'Ana' };
  const requests = new Map<string, string[]>();
  let helped = 0;
  let decision = Promise.resolve(0);
  const lost = new Set<string>();

  /** `run`: whose doings are waited for. */
  async function until<T>(what: string, look: () => Promise<T | undefined>, run = ''): Promise<T> {
    const limit = performance.now() + limitMs;
    for (let looks = 0; ; looks++) {
      if (lost.has(run)) throw new LostRun(`${run} is lost: ${what}`);
      // While Redis is away nobody knows.
      const found = await look().catch(() => undefined);
      if (found !== undefined) return found;
      // A machine that stood still as a whole has not waited.
      if (performance.now() > limit && looks > limitMs / 50)
        throw new Error(`waited ${limitMs / 1000} s in vain: ${what}`);
      await sleep(25);
    }
  }

  const read = (run: string) => stage.runs.read(run);

  async function untilState(run: string, states: readonly RunState[]): Promise<RunRecord> {
    let last: RunRecord | undefined;
    try {
      return await until(
        '',
        async () => {
          last = await read(run);
          return last && states.includes(last.state) ? last : undefined;
        },
        run,
      );
    } catch (error) {
      if (error instanceof LostRun) throw error;
      const { state, waitingFor, failure, owner } = last ?? {};
      const log = await stage.runs.log(run).catch(() => []);
      const said = log.slice(-4).map((line) => line.text);
      // Whether somebody is at it, and when it has to be looked at.
      const leftMs = Number(await stage.redis.hget(keys.run(run), 'leaseUntil')) - Date.now();
      const dueMs = Number(await stage.redis.zscore(keys.open, run)) - Date.now();
      throw new Error(
        `${run} should be ${states.join(' or ')}, and is ${JSON.stringify({ state, waitingFor, failure, owner, leftMs, dueMs, said })}`,
      );
    }
  }

  async function isDecided(run: string): Promise<boolean> {
    const now = await read(run);
    return now !== undefined && now.ask?.state !== 'open';
  }

  /** Ben answers a question; the card may come late, and what he says may not be taken. */
  async function decide(run: string, answer: (person: ConsoleUser) => Promise<void>): Promise<void> {
    const asked = await untilState(run, ['asking', ...endedStates]);
    if (asked.state !== 'asking') return;
    await until(
      `${run} is decided`,
      async () => {
        if (await isDecided(run)) return true;
        await using person = await openConsole(stage.url, 'ben', 'ops', () => undefined);
        await person.until(/Approve\?/, 1_000);
        await answer(person);
        return (await isDecided(run)) ? true : undefined;
      },
      run,
    );
  }

  function kept(): number {
    try {
      return stage.server ? aofOf(stage.server).bytes : 0;
    } catch {
      // Everything is being removed from its disk.
      return 0;
    }
  }

  const play: Play = {
    stage,
    name,
    ana,
    requests,
    helped: () => helped,
    lost,
    async loseRuns() {
      const open = await stage.redis.zrange(keys.open, '0', '-1');
      for (const run of [...open, ...[...requests.values()].flat()]) lost.add(run);
    },
    async type(line) {
      const id = randomUUID();
      const send = async () => ((await stage.ana.type(line, id)).ok ? true : undefined);
      await until(`"${line}" is taken`, async () => {
        const [first, second] = await Promise.all([send(), send()]);
        return first && second;
      });
      const key = `web:${id}`;
      const run = await until(`"${line}" has a run`, async () => {
        const known = await stage.redis.get(keys.request(key));
        // Where that it was taken is forgotten, she types it again.
        if (known === null && lost.size > 0) await send();
        return known ?? undefined;
      });
      // Once more, later: the console may send it again after a reconnect.
      await until(`"${line}" is taken again`, send);
      const again = await stage.redis.get(keys.request(key));
      requests.set(key, again === null ? [run] : [run, again]);
      return run;
    },
    command: async (line) => play.ended(await play.type(line)),
    approve: (run) => decide(run, async (person) => void (await person.press('Approve'))),
    reject: (run) =>
      decide(run, async (person) => {
        await person.press('Reject');
        await person.fill({ why: 'It is still used.' });
      }),
    async press(run, label, counts) {
      const pressed = until(
        `"${label}" of ${run} counts`,
        async () => {
          const before = await read(run);
          if (before && counts(before)) return true;
          await using person = await openConsole(stage.url, 'ana', 'ops', () => undefined);
          const card = new RegExp(`<${label}>[^]*Run ${run} |Run ${run} [^]*<${label}>`);
          await person.until(card, 1_000);
          const [message] = [...person.messages.values()].filter(
            ({ content }) => content.kind === 'card' && card.test(textOf(content.card)),
          );
          await person.press(label, randomUUID(), message?.id);
          const now = await read(run);
          return now && counts(now) ? true : undefined;
        },
        run,
      );
      decision = pressed.then(kept, kept);
      await pressed;
    },
    ask(act) {
      const answer = until('an answer', act);
      decision = answer.then(kept, kept);
      return answer;
    },
    decided: () => decision,
    untilState,
    async untilStep(run, step) {
      await until(
        `${run} comes to "${step}"`,
        async () => {
          const steps = await stage.runs.steps(run);
          const now = await read(run);
          return steps.some(({ id }) => id === step) || (now && endedStates.has(now.state)) ? true : undefined;
        },
        run,
      );
    },
    async untilClaimed() {
      await until('a run is claimed', async () => {
        const [run] = await stage.redis.zrange(keys.open, '0', '0');
        return run !== undefined && (await read(run))?.owner !== undefined ? true : undefined;
      });
    },
    async ended(run) {
      for (;;) {
        const now = await untilState(run, [...endedStates, 'kept', 'stuck']);
        if (now.state !== 'stuck' || helped >= helps) return now;
        helped += 1;
        await play.ask(() => stage.runs.retry(run, ana));
        await until(`${run} goes on`, async () => ((await read(run))?.state !== 'stuck' ? true : undefined));
      }
    },
  };
  return play;
}

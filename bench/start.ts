import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { environment } from '#bot/environment.ts';
import { freePort } from '#bot/up/port.ts';
import { type Measured, median, type Wish } from './report.ts';
import { root } from './setting.ts';

const runs = 3;

/** `./botswain up --sim` on an installed tree, from Enter to its address on the screen. */
export async function measureStart({ say }: Wish): Promise<Measured> {
  const cold: number[] = [];
  const warm: number[] = [];
  for (let nth = 1; nth <= runs; nth++) {
    const state = mkdtempSync(join(tmpdir(), 'botswain-start-'));
    try {
      cold.push(await timeStart(state));
      // Node writes what it compiled when a process ends, so the second start has it.
      warm.push(await timeStart(state));
    } finally {
      rmSync(state, { recursive: true, force: true });
    }
    say(`run ${nth} of ${runs}: first ${cold.at(-1)?.toFixed(2)} s, again ${warm.at(-1)?.toFixed(2)} s`);
  }
  return {
    title: '`./botswain up --sim` on an installed tree, to the printed address',
    rows: [
      { what: 'first start (nothing compiled, no keys yet)', value: median(cold), unit: 's', atMost: 2 },
      { what: 'every later start', value: median(warm), unit: 's', atMost: 2 },
    ],
  };
}

async function timeStart(state: string): Promise<number> {
  const { REDIS_URL: _, ...env } = environment();
  const args = ['up', '--sim', '--port', String(await freePort())];
  const began = performance.now();
  const up = spawn(join(root, 'botswain'), args, {
    env: { ...env, BOTSWAIN_STATE: state },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => up.once('exit', () => resolve()));
  const seen: string[] = [];
  const lines = createInterface({ input: up.stdout });
  const upAfter = new Promise<number>((resolve) => {
    lines.on('line', (line) => {
      seen.push(line);
      if (line.startsWith('Botswain is up')) resolve((performance.now() - began) / 1000);
    });
  });
  const took = await Promise.race([upAfter, ended]);
  up.kill('SIGINT');
  await ended;
  if (took === undefined) throw new Error(`it did not start:\n${seen.join('\n')}`);
  return took;
}

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { askLab } from './proxmox.ts';
import type { Measured, Row, Wish } from './report.ts';
import { root, startSetting } from './setting.ts';

/** What one `/vm create` asks of Proxmox, call by call, and how long those calls take; no waiting for a machine in it. */
export async function measureCalls(_wish: Wish): Promise<Measured> {
  const file = join(tmpdir(), `botswain-wire-${process.pid}`);
  const hook = pathToFileURL(join(root, 'bench', 'wire.ts'));
  hook.searchParams.set('to', file);
  await using setting = await startSetting({ nodeOptions: `--import=${hook}` });
  const { lab, ana } = setting;
  for (const name of ['warm-1', 'warm-2', 'warm-3']) {
    await ana.type(`/vm create ${name} medium --build-template`);
    await ana.until(new RegExp(`${name} is ready`));
  }
  await askLab(lab, 'DELETE', '/_lab/calls');
  writeFileSync(file, '');
  const began = performance.now();
  await ana.type('/vm create k8s-dev medium');
  await ana.until(/k8s-dev is ready/);
  const tookMs = performance.now() - began;
  const calls = Object.entries(await askLab<Readonly<Record<string, number>>>(lab, 'GET', '/_lab/calls'));
  const wire = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => Number(line.split(' ').at(-1)));
  rmSync(file);

  const rows = calls.map(([call, times]): Row => ({ what: call, value: times, unit: '' }));
  return {
    title: 'What one /vm create asks of Proxmox (simulated machines, ready at once)',
    rows: [
      ...rows,
      { what: 'calls in all', value: calls.reduce((sum, [, times]) => sum + times, 0), unit: '' },
      {
        what: 'time on the wire, summed',
        value: wire.reduce((sum, ms) => sum + ms, 0),
        unit: 'ms',
        note: `${wire.length} calls`,
      },
      { what: 'Enter to SSH-ready', value: tookMs, unit: 'ms' },
    ],
  };
}

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CallCounts, countedCalls } from '../test/counted-calls.ts';
import { measureCost } from './cost.ts';
import { askLab } from './proxmox.ts';
import type { Measured, Row, Wish } from './report.ts';
import { type Setting, startSetting } from './setting.ts';
import { noteWire } from './wire-notes.ts';

/**
 * What commands ask of Proxmox, call by call, on a lab with realistic times, against the aim: so many calls and one a
 * second; and what a create costs among many VMs.
 */
export async function measureCalls({ say }: Wish): Promise<Measured> {
  const rows = await measureCommands(say);
  return { title: 'What commands ask of Proxmox', rows: [...rows, ...(await measureCost(say))] };
}

async function measureCommands(say: (line: string) => void): Promise<Row[]> {
  using wire = noteWire(join(tmpdir(), `botswain-wire-${process.pid}`));
  await using setting = await startSetting({ nodeOptions: wire.nodeOptions, realistic: true });
  say('building the template');
  await setting.ana.type('/vm create warm-up medium --build-template');
  await setting.ana.until(/warm-up is ready/, 120_000);

  wire.clear();
  const create = await callsOf(setting, '/vm create k8s-dev small', /k8s-dev is ready/);
  const sent = wire.read();
  const resize = '/vm resize k8s-dev --cpus 3 --disk 60G --restart';
  const restarted = await callsOf(setting, resize, /k8s-dev has 3 CPUs/);
  // The other one is booting again, and would not hear that it shall power off.
  const stop = await callsOf(setting, '/vm stop warm-up', /warm-up \(VM \d+\) is stopped/);
  return [
    ...Object.entries(create.calls).map(([call, times]): Row => ({ what: `create: ${call}`, value: times, unit: '' })),
    againstAim('create', 15, create),
    againstAim('resize with a restart', 10, restarted),
    againstAim('stop', 10, stop),
    { what: 'create: time on the wire', value: sent.reduce((sum, { tookMs }) => sum + tookMs, 0), unit: 'ms' },
  ];
}

interface Told {
  readonly calls: CallCounts;
  readonly seconds: number;
}

async function callsOf({ lab, ana }: Setting, line: string, done: RegExp): Promise<Told> {
  await askLab(lab, 'DELETE', '/_lab/calls');
  const began = performance.now();
  await ana.type(line);
  await ana.until(done, 120_000);
  const seconds = Math.ceil((performance.now() - began) / 1000);
  return { calls: await askLab<CallCounts>(lab, 'GET', '/_lab/calls'), seconds };
}

function againstAim(what: string, base: number, { calls, seconds }: Told): Row {
  const all = Object.values(calls).reduce((sum, times) => sum + times, 0);
  const note = `in ${seconds} s; ${all} with the reads of identity and host key`;
  return { what: `${what}: calls`, value: countedCalls(calls), unit: '', atMost: base + seconds, note };
}

import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askLab, listLabVms, removeVm } from './proxmox.ts';
import { median, type Row } from './report.ts';
import { type Setting, startSetting } from './setting.ts';
import { noteWire } from './wire-notes.ts';

/** What one `/vm create` takes. */
interface Cost {
  readonly calls: number;
  readonly bytes: number;
  /** Of processor time, ms. */
  readonly ours: number;
  readonly theirs: number;
}

const few = 10;
const many = 3_000;
const creates = 9;
const mostRatio = 1.5;

/**
 * What a create costs among many VMs, as a ratio to what it costs among few, on the same lab: calls, bytes of
 * answers, processor time of the worker and of the lab, each the median of some creates.
 */
export async function measureCost(say: (line: string) => void): Promise<Row[]> {
  using wire = noteWire(join(tmpdir(), `botswain-wire-${process.pid}`));
  await using setting = await startSetting({ nodeOptions: wire.nodeOptions, forgetful: true });
  await createAndRemove(setting, 'warm-up', '--build-template');
  await fill(setting, few);
  // What is compiled while it is measured would be counted to the first of the two.
  for (let at = 0; at < creates; at++) await createAndRemove(setting, `warm-${at}`);
  const among: Record<number, Cost> = {};
  for (const number of [few, many]) {
    await fill(setting, number);
    say(`${creates} creates among ${number} VMs`);
    const costs: Cost[] = [];
    for (let at = 0; at < creates; at++) {
      wire.clear();
      await askLab(setting.lab, 'DELETE', '/_lab/calls');
      const cost = await createAndRemove(setting, `cost-${number}-${at}`);
      const sent = wire.read();
      costs.push({ ...cost, calls: sent.length, bytes: sent.reduce((sum, { bytes }) => sum + bytes, 0) });
    }
    const middle = (of: (cost: Cost) => number) => median(costs.map(of));
    among[number] = {
      calls: middle(({ calls }) => calls),
      bytes: middle(({ bytes }) => bytes),
      ours: middle(({ ours }) => ours),
      theirs: middle(({ theirs }) => theirs),
    };
  }
  return ratios(among[few], among[many]);
}

function ratios(one: Cost | undefined, other: Cost | undefined): Row[] {
  if (!one || !other) return [];
  const row = (what: string, key: keyof Cost, unit: string, atMost?: number): Row => ({
    what: `a create among ${many} VMs ÷ among ${few}: ${what}`,
    value: other[key] / one[key],
    unit: '×',
    ...(atMost === undefined ? {} : { atMost }),
    note: `${one[key].toFixed(0)} → ${other[key].toFixed(0)} ${unit}`.trim(),
  });
  return [
    row('calls', 'calls', '', mostRatio),
    row('CPU of the worker', 'ours', 'ms', mostRatio),
    row("the lab's CPU", 'theirs', 'ms', mostRatio),
    row('bytes of answers', 'bytes', 'bytes'),
  ];
}

async function createAndRemove({ ana, lab, labPid, worker }: Setting, name: string, more = ''): Promise<Cost> {
  const before = { ours: cpuMs(worker.pid), theirs: cpuMs(labPid) };
  await ana.type(`/vm create ${name} --cpus 1 --memory 256M ${more}`);
  await ana.until(new RegExp(`\\b${name} is ready`), 60_000);
  const ours = cpuMs(worker.pid) - before.ours;
  const theirs = cpuMs(labPid) - before.theirs;
  const vm = (await listLabVms(lab)).find((one) => one.name === name);
  if (vm) await removeVm(lab, vm);
  return { calls: 0, bytes: 0, ours, theirs };
}

/** Makes VMs, as somebody else would, until there are so many. */
async function fill({ lab }: Setting, number: number): Promise<void> {
  const vms = await listLabVms(lab);
  const taken = vms.length;
  const todo = Array.from({ length: number - taken }, (_, at) => 100_000 + taken + at);
  const make = async () => {
    for (let vmid = todo.shift(); vmid !== undefined; vmid = todo.shift()) {
      const node = vmid % 2 === 0 ? 'pve1' : 'pve2';
      const query = new URLSearchParams({ vmid: String(vmid), name: `vm-${vmid}`, memory: '2048', tags: 'team-a;web' });
      await askLab(lab, 'POST', `/api2/json/nodes/${node}/qemu?${query}`);
    }
  };
  await Promise.all(Array.from({ length: 4 }, make));
}

/** Processor time of all threads of a process until now, ms, as the kernel's scheduler counts it. */
function cpuMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const ns = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return ns.reduce((sum, one) => sum + one, 0) / 1e6;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { untilTold } from './cards.ts';
import { cpuSeconds } from './others.ts';
import { listLabVms } from './proxmox.ts';
import { type Measured, quantile, type Wish } from './report.ts';
import { startSetting } from './setting.ts';

const perSecond = 50;
const seconds = 20;
const count = perSecond * seconds;

/**
 * How soon a typed line is acknowledged while many people type: 50 lines a second, whether or not the earlier ones were answered. Of ten, four list, four
 * plan, and two make a VM.
 */
export async function measureAck({ say }: Wish): Promise<Measured> {
  await using setting = await startSetting();
  const { lab, ana, gateway, worker } = setting;
  await ana.type('/vm create warm-up --cpus 1 --memory 128M --build-template');
  await ana.until(/warm-up is ready/);

  const lines = Array.from({ length: count }, (_, i) => lineAt(i));
  const late: number[] = [];
  const latencies: number[] = [];
  const refused: string[] = [];
  const typing: Promise<void>[] = [];
  const cpuBefore = [gateway, worker].map(({ pid }) => cpuSeconds(pid));
  const began = performance.now();
  for (const [i, line] of lines.entries()) {
    const due = began + (i * 1000) / perSecond;
    await sleep(Math.max(0, due - performance.now()));
    late.push(performance.now() - due);
    typing.push(type(line));
  }
  await Promise.all(typing);
  say('all typed');

  const wanted = lines.filter(makes).length;
  const answers = count - wanted;
  const all = await untilTold(ana, (now) => now.ready + now.errors.length > wanted && now.answers >= answers, 180_000);
  const tookS = (performance.now() - began) / 1000;
  const [gatewayCpu, workerCpu] = [gateway, worker].map(({ pid }, i) => cpuSeconds(pid) - (cpuBefore[i] ?? 0));
  const vms = (await listLabVms(lab)).filter((vm) => vm.name.startsWith('ack-'));
  return {
    title: `Acknowledgements at ${perSecond} lines a second for ${seconds} s (40 % /vm list, 40 % dry runs, 20 % creates)`,
    rows: [
      { what: 'acknowledged, p50', value: quantile(latencies, 0.5), unit: 'ms' },
      { what: 'acknowledged, p99', value: quantile(latencies, 0.99), unit: 'ms', atMost: 50 },
      { what: 'acknowledged, slowest', value: quantile(latencies, 1), unit: 'ms' },
      { what: 'typed later than due, p99', value: quantile(late, 0.99), unit: 'ms', note: 'of this program' },
      { what: 'not acknowledged', value: refused.length, unit: '', atMost: 0, note: refused[0] ?? '' },
      { what: 'not answered', value: answers - all.answers, unit: '', atMost: 0 },
      { what: 'failed', value: all.errors.length, unit: '', atMost: 0, note: all.errors[0]?.split('\n')[0] ?? '' },
      { what: 'VMs missing', value: wanted - new Set(vms.map(({ vmid }) => vmid)).size, unit: '', atMost: 0 },
      { what: 'all done after', value: tookS, unit: 's' },
      { what: 'CPU of the gateway', value: gatewayCpu ?? 0, unit: 's' },
      { what: 'CPU of the worker', value: workerCpu ?? 0, unit: 's' },
    ],
  };

  async function type(line: string): Promise<void> {
    const sent = performance.now();
    const response = await ana.type(line);
    latencies.push(performance.now() - sent);
    if (response.status !== 202) refused.push(`${response.status} ${await response.text()}`);
  }
}

const makes = (line: string) => line.includes('ack-');

function lineAt(i: number): string {
  const kind = i % 5;
  if (kind < 2) return '/vm list';
  if (kind < 4) return `/vm create plan-${i} small --dry-run`;
  return `/vm create ack-${i} --cpus 1 --memory 128M --disk 2G`;
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { askLab, listLabVms, removeVm, type Vm } from './proxmox.ts';
import { type Measured, median, type Wish } from './report.ts';
import { root, type Setting, startSetting } from './setting.ts';

const run = promisify(execFile);
const node = 'pve1';
const user = 'debian';

/**
 * From Enter to SSH-ready: the bot against a shell script that does the same by hand, on the same lab, in turns, each with a VM to itself. What is measured is
 * what the bot adds: the machine boots as long for both.
 */
export async function measureCreate({ qemu, pairs, say }: Wish): Promise<Measured> {
  await using setting = await startSetting({ engine: qemu ? 'qemu' : 'simulated', realistic: true, say });
  say('building the template');
  const template = await makeTemplate(setting, qemu ? 900_000 : 120_000);
  const limitMs = qemu ? 600_000 : 120_000;
  const bot: number[] = [];
  const plain: number[] = [];
  for (let pair = 1; pair <= pairs; pair++) {
    // Who is first changes, so that what slowly changes on the machine meets both.
    const turns = [
      () => createByBot(setting, `bot-${pair}`, limitMs),
      () => createByHand(setting, template, `plain-${pair}`, limitMs),
    ];
    const [first, second] = pair % 2 === 1 ? [0, 1] : [1, 0];
    const took: number[] = [];
    for (const turn of [first, second]) took[turn] = (await turns[turn]?.()) ?? Number.NaN;
    const [botS = Number.NaN, plainS = Number.NaN] = took;
    bot.push(botS);
    plain.push(plainS);
    say(`pair ${pair} of ${pairs}: bot ${botS.toFixed(2)} s, script ${plainS.toFixed(2)} s`);
  }
  const each = (values: readonly number[]) => values.map((value) => value.toFixed(2)).join(' ');
  return {
    title: `Enter to SSH-ready: the bot against a plain shell script, ${qemu ? 'QEMU machines' : 'simulated machines with realistic times'}`,
    rows: [
      { what: 'plain script, median', value: median(plain), unit: 's', note: each(plain) },
      { what: 'bot, median', value: median(bot), unit: 's', note: each(bot) },
      { what: 'bot ÷ script', value: median(bot) / median(plain), unit: '×', atMost: 1.05 },
    ],
  };
}

/** Builds the lab's template by way of a first VM, which also warms everything up. */
async function makeTemplate({ lab, ana }: Setting, limitMs: number): Promise<Vm> {
  await ana.type(`/vm create warm-up medium --node ${node} --build-template`);
  await ana.until(/warm-up is ready/, limitMs);
  const vms = await listLabVms(lab);
  const [template, first] = [vms.find((vm) => vm.template === 1), vms.find(({ name }) => name === 'warm-up')];
  if (!template || !first) throw new Error('The template or its first VM is not there.');
  await removeVm(lab, first);
  return template;
}

async function createByBot(setting: Setting, name: string, limitMs: number): Promise<number> {
  const { lab, ana, ssh } = setting;
  const began = performance.now();
  await ana.type(`/vm create ${name} medium --node ${node}`);
  const card = await ana.until(new RegExp(`${name} is ready`), limitMs);
  const tookS = (performance.now() - began) / 1000;

  const address = /10\.77\.0\.\d+/.exec(JSON.stringify(card))?.[0] ?? '';
  await run('ssh', ['-F', ssh.config, `${user}@${address}`, 'true']);
  const vm = (await listLabVms(lab)).find((one) => one.name === name);
  if (vm) await removeVm(lab, vm);
  return tookS;
}

async function createByHand(setting: Setting, template: Vm, name: string, limitMs: number): Promise<number> {
  const { lab, ssh, curlConfig } = setting;
  const vmid = Number(await askLab<string>(lab, 'GET', '/api2/json/cluster/nextid'));
  const args = [lab.url, curlConfig, template.node, template.vmid, node, vmid, name];
  const began = performance.now();
  await run('sh', [join(root, 'bench', 'plain-create.sh'), ...args.map(String), ssh.key, ssh.config, user], {
    timeout: limitMs,
  });
  const tookS = (performance.now() - began) / 1000;

  await removeVm(lab, { node, vmid });
  return tookS;
}

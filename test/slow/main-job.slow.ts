import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { textOf } from '../console.ts';
import { startQemuSetting } from './qemu-setting.ts';

const run = promisify(execFile);
const minute = 60_000;

/** The line that the bot shows people, run as they would, with a command behind it. */
async function ssh(line: string, command: string): Promise<string> {
  const [program = '', ...args] = line.split(' ');
  const { stdout } = await run(program, [...args, command], { timeout: 5 * minute });
  return stdout.trim();
}

describe('the main job on real machines', () => {
  let setting: Awaited<ReturnType<typeof startQemuSetting>>;
  before(async () => {
    setting = await startQemuSetting();
  });
  after(() => setting?.[Symbol.asyncDispose]());

  const create = async (line: string, name: string) => {
    await setting.ana.type(line);
    const card = textOf(await setting.ana.until(new RegExp(`${name} is ready`), 15 * minute));
    return /^ssh .*$/m.exec(card)?.[0] ?? '';
  };

  test('`/vm create k8s-dev medium` without a template builds it first and ends with an ssh line that works', async () => {
    const { ana } = setting;

    await ana.type('/vm create k8s-dev medium');
    await ana.until(/There is no template/, minute);
    await ana.press('Build it, then create');
    const card = textOf(await ana.until(/k8s-dev is ready/, 20 * minute));
    const line = /^ssh .*$/m.exec(card)?.[0] ?? '';
    const facts = (
      await ssh(
        line,
        'sudo cloud-init status --wait >/dev/null; cloud-init status; hostname; nproc; grep MemTotal /proc/meminfo; lsblk -bdno SIZE /dev/sda; df -BG --output=size / | tail -n 1; systemctl is-active qemu-guest-agent',
      )
    ).split('\n');

    assert.match(facts[0] ?? '', /status: done/);
    assert.deepEqual(facts.slice(1, 3), ['k8s-dev', '2']);
    const memoryMiB = Number(/\d+/.exec(facts[3] ?? '')?.[0]) / 1024;
    assert.ok(memoryMiB > 3700 && memoryMiB <= 4096, `memory is ${memoryMiB} MiB`);
    assert.equal(Number(facts[4]), 40 * 1024 ** 3);
    assert.ok(Number.parseInt(facts[5] ?? '', 10) >= 38, `the root file system has ${facts[5]}`);
    assert.equal(facts[6], 'active');
  });

  test('a static address is the one that was asked for', async () => {
    const line = await create('/vm create db small --network static --ip 10.77.0.20/24 --gateway 10.77.0.1', 'db');

    assert.match(line, /@10\.77\.0\.20$/);
    assert.match(await ssh(line, 'ip -4 -o addr show scope global'), /10\.77\.0\.20\/24/);
  });

  test('three VMs at once get three names and addresses, and reach each other', async () => {
    const lines = await Promise.all(
      [1, 2, 3].map((number) => create('/vm create --role worker small', `k8s-worker-${number}`)),
    );

    const addresses = lines.map((line) => line.split('@').at(-1) ?? '');
    assert.equal(new Set(addresses).size, 3);
    for (const line of lines) {
      const pings = addresses.map((address) => `ping -c 2 -W 5 ${address} >/dev/null && echo ${address}`).join('; ');
      assert.deepEqual((await ssh(line, pings)).split('\n'), addresses);
    }
  });

  test('destroying needs the second person, and leaves nothing', async () => {
    const { ana, ben } = setting;

    await ana.type('/vm destroy k8s-dev');
    await ben.until(/Approve\? destroy k8s-dev/, minute);
    await ana.until(/Approve\? destroy k8s-dev/, minute);
    await ana.press('Approve');
    await ana.until(/somebody else must approve/, minute);
    await ben.press('Approve');
    await ana.until(/k8s-dev \(VM \d+\) is gone/, 2 * minute);
    await ana.type('/vm show k8s-dev');

    await ana.until(/There is no VM "k8s-dev"/, minute);
  });
});

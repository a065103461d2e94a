import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import ssh2 from 'ssh2';
import type { Engine, Machine, Volume } from '../engine.ts';
import { makeKeyPair } from '../host-key.ts';
import { startQemu } from './engine.ts';
import { buildImage } from './images.ts';

// One story in order, because each machine takes half a minute to boot: `node --test lab/qemu/engine.slow.ts`.

const gib = 1024 ** 3;
const minutes = 60_000;
const key = makeKeyPair();
const imported = volume('local:import/lab-debian-12.qcow2');
const base = volume('local:900/base-900-disk-0.qcow2');
const first = machine(100, 'bc:24:11:00:00:01', '- type: dhcp4');
const second = machine(
  101,
  'bc:24:11:00:00:02',
  "- type: static\n        address: '10.77.0.11/24'\n        gateway: '10.77.0.1'",
);
let stateDir: string;
let engine: Engine;

before(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'lab-qemu-'));
  engine = await startQemu({ stateDir, keep: true, onProgress });
});

after(async () => {
  await engine[Symbol.asyncDispose]();
  const last = await startQemu({ stateDir, onProgress });
  await last[Symbol.asyncDispose]();
  await rm(stateDir, { recursive: true });
});

test('an image is built, imported and made a base', async () => {
  const { file } = await timed('image build', () => buildImage({ dir: stateDir, onProgress }));
  const scratch = volume('local:900/vm-900-disk-0.qcow2');
  const progress: number[] = [];

  await engine.store(imported, createReadStream(file));
  await engine.copyDisk(imported, scratch, (fraction) => progress.push(fraction), AbortSignal.timeout(minutes));
  await engine.renameDisk(scratch, base);

  const { format, virtualSize } = await engine.inspect(base);
  assert.deepEqual({ format, virtualSize, last: progress.at(-1) }, { format: 'qcow2', virtualSize: 2 * gib, last: 1 });
});

test('a machine made of a linked clone boots to SSH with its own disk size and the agent from cloud-init', async () => {
  await timed('boot to SSH, alone', () => boot(first, '10.77.0.100'));

  const { root, status } = await timed('cloud-init done, agent installed', async () => ({
    status: await shell('10.77.0.100', 'cloud-init status --wait >/dev/null; cloud-init status'),
    root: Number(await shell('10.77.0.100', 'df --output=size -B1 / | tail -1')),
  }));
  const interfaces = JSON.stringify(await engine.agent(100, 'guest-network-get-interfaces', {}, 5000));

  assert.match(status, /done/);
  assert.ok(root > 7 * gib, `root file system of ${root} bytes`);
  assert.match(interfaces, /10\.77\.0\.100/);
  assert.match(await engine.consoleLog(100), /login:|cloud-init/);
});

test('two machines reach each other, one with a static address', async () => {
  await timed('boot to SSH, beside another machine', () => boot(second, '10.77.0.11'));

  const ping = await shell('10.77.0.11', 'ping -c 3 -w 10 10.77.0.100');
  const dialled = await shell('10.77.0.100', 'timeout 10 bash -c "head -c 4 < /dev/tcp/10.77.0.11/22"');

  assert.match(ping, / 0% packet loss/);
  assert.equal(dialled, 'SSH-');
});

test('an engine that is started again finds its machines', async () => {
  const before = engine.process(100);
  await engine[Symbol.asyncDispose]();

  engine = await timed('restart', () => startQemu({ stateDir, keep: true, onProgress }));

  assert.deepEqual(engine.process(100), before);
  assert.equal(engine.power(101), 'running');
  assert.equal(await shell('10.77.0.11', 'hostname'), 'vm101\n');
});

test('a running disk grows, and a machine pauses and goes on', async () => {
  await engine.resizeDisk(disk(101), 9 * gib);
  await engine.pause(101, true);
  const paused = engine.power(101);
  await engine.pause(101, false);

  assert.equal(paused, 'paused');
  assert.equal((await shell('10.77.0.11', 'cat /sys/class/block/sda/size')).trim(), String((9 * gib) / 512));
  await assert.rejects(engine.resizeDisk(disk(101), gib), /shrinking disks is not supported/);
});

test('machines shut down by agent or by themselves, and both are told', async () => {
  const off: number[] = [];
  engine.onPowerOff((vmid) => off.push(vmid));

  await timed('shutdown by agent', () => engine.shutdown(100, minutes));
  await shell('10.77.0.11', 'sudo systemctl poweroff --no-block');
  while (engine.power(101) !== 'stopped') await sleep(100);

  assert.deepEqual(off, [100, 101]);
});

test('a machine starts again with the same disk, address and host key', async () => {
  await timed('second boot to SSH', () => boot(first, '10.77.0.100'));

  const hostname = await shell('10.77.0.100', 'hostname; ls /etc/ssh/ssh_host_ed25519_key | wc -l');
  await engine.stop(100);

  assert.equal(hostname, 'vm100\n1\n');
  assert.equal(engine.power(100), 'stopped');
});

function volume(volid: string): Volume {
  return { volid, storage: 'local', node: 'pve1' };
}

function disk(vmid: number): Volume {
  return volume(`local:${vmid}/vm-${vmid}-disk-0.qcow2`);
}

function machine(vmid: number, mac: string, subnet: string): Machine {
  const userData = `#cloud-config
hostname: vm${vmid}
manage_etc_hosts: true
user: ops
ssh_authorized_keys: ['${key.public}']
users: [default]
package_update: true
packages: [qemu-guest-agent]
runcmd: [systemctl start qemu-guest-agent]
`;
  const networkConfig = `version: 1
config:
    - type: physical
      name: eth0
      mac_address: '${mac}'
      subnets:
      ${subnet}
`;
  return {
    vmid,
    node: 'pve1',
    name: `vm${vmid}`,
    config: {
      agent: '1',
      boot: 'order=scsi0',
      cores: '1',
      memory: '1024',
      ide2: `local:${vmid}/vm-${vmid}-cloudinit.qcow2,media=cdrom`,
      net0: `virtio=${mac.toUpperCase()},bridge=vmbr0`,
      scsi0: disk(vmid).volid,
      scsihw: 'virtio-scsi-pci',
      serial0: 'socket',
    },
    drives: { scsi0: disk(vmid) },
    cloudInit: { metaData: `instance-id: lab-${vmid}\n`, userData, networkConfig },
  };
}

/** Powers a machine on, with a disk of 8 GiB if it has none, and waits until SSH lets us in. */
async function boot(wanted: Machine, address: string): Promise<void> {
  const own = disk(wanted.vmid);
  const exists = await engine.inspect(own).catch(() => undefined); // no disk yet
  if (!exists) {
    await engine.linkDisk(base, own);
    await engine.resizeDisk(own, 8 * gib);
  }
  await engine.start(wanted, AbortSignal.timeout(minutes));
  for (const deadline = Date.now() + 3 * minutes; ; await sleep(500)) {
    try {
      await shell(address, 'true');
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

async function shell(address: string, command: string): Promise<string> {
  const sock = await engine.connect(address, 22);
  const client = new ssh2.Client();
  try {
    await new Promise<void>((resolve, reject) => {
      client
        .once('ready', resolve)
        .on('error', reject)
        .once('close', () => reject(new Error('closed')));
      client.connect({ sock, username: 'ops', privateKey: key.private, readyTimeout: 20_000 });
    });
    return await new Promise((resolve, reject) => {
      client.exec(command, (error, channel) => {
        if (error) return reject(error);
        let output = '';
        channel.on('data', (bytes: Buffer) => {
          output += bytes;
        });
        channel.on('close', () => resolve(output));
      });
    });
  } finally {
    client.end();
    sock.destroy();
  }
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = Date.now();
  const result = await work();
  onProgress(`${what}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

function onProgress(line: string): void {
  process.stderr.write(`${line}\n`);
}

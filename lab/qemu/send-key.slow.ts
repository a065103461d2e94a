import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readKeys } from '../keys.ts';
import { startQemu } from './engine.ts';

/** A boot sector that sends each key it reads down the serial line, after a `>`: there is nothing to install. */
const echo = Buffer.alloc(512);
Buffer.from('b03ebaf803eeb400cd16baf803eeebf6', 'hex').copy(echo);
echo.writeUInt16LE(0xaa55, 510);

test('keys reach a real machine’s keyboard, and QEMU complains of those that the simulated engine complains of', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'lab-keys-'));
  await using made = new AsyncDisposableStack();
  made.defer(() => rm(stateDir, { recursive: true }));
  const engine = made.use(await startQemu({ stateDir, onProgress: () => undefined }));
  const image = { volid: 'local:import/keys.raw', storage: 'local', node: 'pve1' };
  const disk = { ...image, volid: 'local:100/vm-100-disk-0.qcow2' };
  const config = {
    cores: '1',
    memory: '64',
    boot: 'order=scsi0',
    serial0: 'socket',
    scsihw: 'virtio-scsi-pci',
    scsi0: disk.volid,
  };
  const signal = AbortSignal.timeout(120_000);
  await engine.store(image, one(Buffer.concat([echo, Buffer.alloc(1024 ** 2 - 512)])));
  await engine.copyDisk(image, disk, () => undefined, signal);
  const machine = { vmid: 100, node: 'pve1', name: 'keys', config, drives: { scsi0: disk }, cloudInit: undefined };
  await engine.start(machine, signal);
  const until = async (text: string) => {
    while (!(await engine.consoleLog(100)).includes(text)) {
      signal.throwIfAborted();
      await sleep(50);
    }
  };

  const typed = [
    ['a', 'a'],
    ['shift-b', 'aB'],
    ['7', 'aB7'],
    ['slash', 'aB7/'],
    ['ret', 'aB7/\r'],
  ] as const;

  await until('>');
  // The keyboard has room for few keys: one at a time, as a person types.
  for (const [key, sign] of typed) {
    await engine.sendKey(100, key);
    await until(`>${sign}`);
  }

  for (const keys of ['Enter', 'ctrl-alt-nope', 'a-', '', 'a b', '0xzz', '0x', 'shift+a']) {
    const complaint = await engine.sendKey(100, keys).then(String, ({ message }: Error) => message);
    assert.throws(() => readKeys(keys), { message: complaint }, keys);
  }
});

async function* one(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

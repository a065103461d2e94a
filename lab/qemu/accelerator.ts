import { constants } from 'node:fs';
import { access, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';

export type Accelerator = 'kvm' | 'tcg';

const probeLimitMs = 3000;

/**
 * A boot sector that counts 400 million down and then leaves QEMU through its debug port with status 33:
 * `mov ecx, 400000000; dec ecx; jnz -4; mov dx, 0xf4; mov al, 16; out dx, al; hlt`.
 */
const probeCode = Buffer.from('66b90084d717664975fcbaf400b010eef4', 'hex');

/**
 * KVM only where a probe machine has run with it: a `/dev/kvm` that exists may still hang or be slower than emulation
 * inside another virtual machine. The verdict holds until the host boots again.
 */
export async function chooseAccelerator(folder: string, onProgress: (line: string) => void): Promise<Accelerator> {
  const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  const remembered = await readVerdict(join(folder, 'accelerator'));
  if (remembered?.bootId === bootId) return remembered.accelerator;
  const accelerator = await probe(folder, onProgress);
  await writeFile(join(folder, 'accelerator'), `${bootId} ${accelerator}\n`);
  return accelerator;
}

async function probe(folder: string, onProgress: (line: string) => void): Promise<Accelerator> {
  const usable = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!usable) return 'tcg';
  const image = join(folder, 'probe.img');
  await writeFile(image, Buffer.concat([probeCode, Buffer.alloc(510 - probeCode.length), Buffer.of(0x55, 0xaa)]));
  const works = await runCommand('qemu-system-x86_64', probeArgs(image), {
    signal: AbortSignal.timeout(probeLimitMs),
  }).then(
    () => false,
    (error: Error) => error.message.endsWith('exited with code 33'),
  );
  await rm(image);
  onProgress(works ? 'KVM works here.' : 'KVM is there but does not work; machines run emulated, which is slower.');
  return works ? 'kvm' : 'tcg';
}

function probeArgs(image: string): string[] {
  const exit = ['-device', 'isa-debug-exit,iobase=0xf4,iosize=1'];
  const drive = ['-drive', `file=${image},format=raw,if=ide`];
  return ['-accel', 'kvm', '-cpu', 'host', '-machine', 'pc', '-nodefaults', '-display', 'none', ...drive, ...exit];
}

async function readVerdict(file: string): Promise<{ bootId: string; accelerator: Accelerator } | undefined> {
  const text = await readFile(file, 'utf8').catch(() => ''); // never probed: no file yet
  const [bootId = '', accelerator] = text.trim().split(' ');
  return accelerator === 'kvm' || accelerator === 'tcg' ? { bootId, accelerator } : undefined;
}

import { open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';

const mostKept = 512 * 1024;
const mostWritten = 2 * 1024 ** 2;

/** The newest half mebibyte of a serial console; empty when the machine has none. */
export async function readConsole(file: string): Promise<string> {
  const older = await readIfThere(earlier(file));
  return (older + (await tail(file))).slice(-mostKept);
}

/** Keeps the log from growing for ever: QEMU appends, so the file can be emptied under it. */
export async function boundConsole(file: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0, // no serial port, or not started yet
  );
  if (size < mostWritten) return;
  const kept = await tail(file);
  await writeFile(`${earlier(file)}.new`, kept);
  await truncate(file);
  await rename(`${earlier(file)}.new`, earlier(file));
}

/** Forgets the console of a machine's last run. */
export async function clearConsole(file: string): Promise<void> {
  await rm(file, { force: true });
  await rm(earlier(file), { force: true });
}

async function tail(file: string): Promise<string> {
  const handle = await open(file).catch(() => undefined); // no serial port
  if (!handle) return '';
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, mostKept);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

function earlier(file: string): string {
  return `${file}.1`;
}

async function readIfThere(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch(() => ''); // the console was never long enough
}

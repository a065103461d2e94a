import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '#base/errors.ts';

/** Makes sure that one `up` at a time uses a state folder. Throws a `UserError` that names the other one's process. */
export function claimState(stateDir: string): Disposable {
  const file = join(stateDir, 'up.pid');
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const pid = Number(readFileSync(file, 'utf8'));
    if (isUp(pid)) {
      throw new UserError(`Another \`botswain up\` (process ${pid}) uses ${stateDir} already.`, {
        hint: 'Stop that one with Ctrl-C, or give this one a folder of its own: BOTSWAIN_STATE=/some/folder ./botswain up',
      });
    }
    rmSync(file, { force: true });
  }
}

function isUp(pid: number): boolean {
  const file = `/proc/${pid}/cmdline`;
  return pid > 0 && pid !== process.pid && existsSync(file) && readFileSync(file, 'utf8').includes('bot/main.ts\0up');
}

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './setting.ts';

/** What a part that was started with `nodeOptions` writes down of each of its calls to Proxmox. */
export interface WireNotes extends Disposable {
  readonly nodeOptions: string;
  read(): { readonly bytes: number; readonly tookMs: number }[];
  clear(): void;
}

/** Lets `wire.ts` write to this file, which is removed at the end. */
export function noteWire(file: string): WireNotes {
  const hook = pathToFileURL(join(root, 'bench', 'wire.ts'));
  hook.searchParams.set('to', file);
  const clear = () => writeFileSync(file, '');
  return {
    nodeOptions: `--import=${hook}`,
    clear,
    read() {
      const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter(Boolean) : [];
      return lines.map((line) => {
        const [tookMs = 0, bytes = 0] = line.split(' ').slice(2).map(Number);
        return { tookMs, bytes };
      });
    },
    [Symbol.dispose]: () => rmSync(file, { force: true }),
  };
}

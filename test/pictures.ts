import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mainJobInBrowser } from './browser-story.ts';
import { startUp } from './up.ts';

/** `node test/pictures.ts`: makes the documentation's pictures anew, from the running program. */
const stateDir = join(tmpdir(), 'botswain');
const up = await startUp(stateDir);
await mainJobInBrowser(up.url, resolve(import.meta.dirname, '..', 'docs', 'images'), 60_000);
up.child.kill('SIGINT');
await up.exited;
rmSync(stateDir, { recursive: true });
